SELECT 'table' AS kind, c.relname::text AS name,
       concat_ws(' ', c.relkind, c.relpersistence,
           CASE WHEN c.relrowsecurity OR c.relforcerowsecurity THEN 'row security' END,
           CASE WHEN c.relhasrules THEN 'rules' END, CASE WHEN c.relhassubclass THEN 'children' END,
           CASE WHEN c.relispartition THEN 'partition' END,
           (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
                       CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                       CASE WHEN a.attcollation <> 0 THEN (SELECT collname FROM pg_collation o WHERE o.oid = a.attcollation) END,
                       nullif(a.attgenerated, ''), nullif(a.attidentity, ''),
                       (SELECT 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d
                        WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum)), ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)) AS text
FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind NOT IN ('i', 'I', 't')
UNION ALL
SELECT 'constraint', r.relname || '.' || c.conname, concat_ws(' ', pg_get_constraintdef(c.oid),
           CASE WHEN NOT c.convalidated THEN 'NOT VALID' END)
FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
WHERE r.relnamespace = current_schema()::regnamespace AND c.contype <> 'n'
UNION ALL
SELECT 'index', c.relname, concat_ws(' ', replace(pg_get_indexdef(c.oid), ' ON ' || quote_ident(current_schema()) || '.', ' ON '),
           CASE WHEN NOT (i.indisvalid AND i.indisready AND i.indislive) THEN 'not in use' END)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT 'trigger', r.relname || '.' || t.tgname, concat_ws(' ',
           replace(replace(pg_get_triggerdef(t.oid), ' ON ' || quote_ident(current_schema()) || '.', ' ON '),
                   'EXECUTE FUNCTION ' || quote_ident(current_schema()) || '.', 'EXECUTE FUNCTION '),
           t.tgenabled)
FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid
WHERE r.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal
UNION ALL
SELECT 'rule', r.relname || '.' || w.rulename, pg_get_ruledef(w.oid)
FROM pg_rewrite w JOIN pg_class r ON r.oid = w.ev_class WHERE r.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT 'function', p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       concat_ws(' ', p.prosrc, p.prokind, CASE WHEN p.prosecdef THEN 'with its owner''s rights' END,
           p.proconfig::text, (SELECT lanname FROM pg_language l WHERE l.oid = p.prolang),
           format_type(p.prorettype, NULL))
FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
UNION ALL
SELECT 'operator', o.oprname::text, format_type(o.oprleft, NULL) || ' ' || format_type(o.oprright, NULL)
FROM pg_operator o WHERE o.oprnamespace = current_schema()::regnamespace
UNION ALL
SELECT 'policy', r.relname || '.' || p.polname, '' FROM pg_policy p JOIN pg_class r ON r.oid = p.polrelid
WHERE r.relnamespace = current_schema()::regnamespace
ORDER BY 1, 2
