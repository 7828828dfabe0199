SELECT concat_ws(E'\n',
    (SELECT string_agg(concat_ws(' ', relname, relkind, relpersistence, relrowsecurity, relhasrules, relhassubclass,
                relispartition, relnatts, relchecks), E'\n' ORDER BY relname)
     FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind <> 't'),
    (SELECT string_agg(concat_ws(' ', tgrelid::regclass, tgname, tgtype, tgenabled, tgfoid::regproc,
                encode(tgargs, 'escape'), pg_get_expr(tgqual, tgrelid)), E'\n' ORDER BY tgname)
     FROM pg_trigger WHERE NOT tgisinternal
        AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace)),
    (SELECT string_agg(concat_ws(' ', proname, prosecdef, proconfig, prosrc), E'\n' ORDER BY proname)
     FROM pg_proc WHERE pronamespace = current_schema()::regnamespace),
    (SELECT string_agg(oprname, E'\n' ORDER BY oprname)
     FROM pg_operator WHERE oprnamespace = current_schema()::regnamespace))
