# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_recovery_codes_global_optspecs
    string join \n store= config= system actor= reason= json q/quiet v/verbose y/yes color= h/help V/version
end

function __fish_recovery_codes_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_recovery_codes_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_recovery_codes_using_subcommand
    set -l cmd (__fish_recovery_codes_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "init" -d 'Make store, key and a commented configuration file'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "check" -d 'Look at settings, key, permissions, store, audit chain and clock'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "config" -d 'Show the settings, their files and a template'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "status" -d 'Show all users at a glance'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "user" -d 'Add, list, show, change and remove users'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "generate" -d 'Issue a batch of codes and print them once, or save or mail them instead'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "confirm" -d 'Check a code without using it up, once per batch'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "verify" -d 'Check a code and use it up'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "serve" -d 'Answer other accounts of this machine at a local socket'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "export" -d 'Write the codes of a new batch into a file, once per batch'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "email" -d 'Mail the codes of a new batch to their user, once per batch; or a reminder'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "logout" -d 'End the sessions of this login: their codes can no longer be exported or mailed'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "code" -d 'List, show, invalidate, reactivate and delete single codes'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "batch" -d 'List, show and delete batches'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "history" -d 'Show a user\'s batches, newest first, also those whose rows are purged'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "limit" -d 'Show and reset the limiters that slow down guessing'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "log" -d 'Show what was done and tried, and prove that nobody rewrote it'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "purge" -d 'Delete codes that were used, invalidated, deleted, superseded or expired long enough ago'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "schedule" -d 'Add, show, change, run and remove recurring purges and prunings'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "task" -d 'List, show, retry and clear background work: queued mail and runs of schedules'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "worker" -d 'Do the background work that is due: runs of schedules and queued mail'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "key" -d 'List, rotate and retire the keys without which no code can be checked'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "import" -d 'Take over codes that were issued elsewhere: they go on working'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "backup" -d 'Copy the whole store into a new file, while others go on using it'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "restore" -d 'Put a backup in the place of the store, or where there is none'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "store" -d 'Move the whole store to another place or engine'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "completions" -d 'Print a script that teaches a shell to complete words and options'
complete -c recovery-codes -n "__fish_recovery_codes_needs_command" -f -a "help" -d 'Show help for a word, or for a topic'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand init" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand init" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand init" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand init" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand init" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand init" -l print-roles -d 'Print the SQL that makes the roles of a store on a PostgreSQL server, and do nothing else'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand init" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand init" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand init" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand init" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand init" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand init" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand check" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand check" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand check" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand check" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand check" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand check" -l deep -d 'Also read all of a large store, compare each index with its table, read every hash, look at every schedule, and ask the mail server whether it would take mail'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand check" -l accept-clock -d 'Take the clock for right, although the store has seen a later moment: a wrong one'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand check" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand check" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand check" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand check" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand check" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand check" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and not __fish_seen_subcommand_from show path template" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and not __fish_seen_subcommand_from show path template" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and not __fish_seen_subcommand_from show path template" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and not __fish_seen_subcommand_from show path template" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and not __fish_seen_subcommand_from show path template" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and not __fish_seen_subcommand_from show path template" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and not __fish_seen_subcommand_from show path template" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and not __fish_seen_subcommand_from show path template" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and not __fish_seen_subcommand_from show path template" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and not __fish_seen_subcommand_from show path template" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and not __fish_seen_subcommand_from show path template" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and not __fish_seen_subcommand_from show path template" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and not __fish_seen_subcommand_from show path template" -f -a "show" -d 'Show every setting with its value and where it came from'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and not __fish_seen_subcommand_from show path template" -f -a "path" -d 'Show which configuration file is in force, and why'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and not __fish_seen_subcommand_from show path template" -f -a "template" -d 'Print a configuration file with every setting explained and commented out'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from show" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from show" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from show" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from show" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from show" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from path" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from path" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from path" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from path" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from path" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from path" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from path" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from path" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from path" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from path" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from template" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from template" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from template" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from template" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from template" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from template" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from template" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from template" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from template" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from template" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from template" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand config; and __fish_seen_subcommand_from template" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand status" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand status" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand status" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand status" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand status" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand status" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand status" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand status" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand status" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand status" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand status" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -f -a "add" -d 'Add a user'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -f -a "list" -d 'List users by name, with the codes they have left'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -f -a "show" -d 'Show everything about one user: codes left by hint, used ones, limiter, last use'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -f -a "edit" -d 'Change a user\'s name, e-mail address or language'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -f -a "import" -d 'Add many users from a CSV file; can be repeated'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -f -a "enable" -d 'Enable a user again: their codes work'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -f -a "disable" -d 'Disable a user: none of their codes works until they are enabled'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and not __fish_seen_subcommand_from add list show edit import enable disable remove" -f -a "remove" -d 'Remove a user with all codes and batches; what was done stays in the audit log'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from add" -l email -d 'The user\'s e-mail address, by which they may also be called' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from add" -l language -d 'The language of their sheets and letters, such as de [default: site.language]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from add" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from add" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from add" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from add" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from add" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from add" -l if-missing -d 'That the user is there already is fine'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from add" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from add" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from add" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from add" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -l search -d 'Only users with this in their name or e-mail address' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -l state -d 'Only users in this state' -r -f -a "active\t''
disabled\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -l codes -d 'Only users whose codes are in this condition' -r -f -a "none\t'No code that works'
low\t'At most codes.low that work'
expiring\t'Expiring within two weeks'
unconfirmed\t'Never confirmed'
undelivered\t'Never exported, mailed or confirmed: perhaps nobody holds them'
outdated\t'From before the store was restored'"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -l page -d 'Which page' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -l per-page -d 'Rows on a page [default: history.per_page]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from show" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from show" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from show" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from show" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from show" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from show" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from edit" -l name -d 'The new name' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from edit" -l email -d 'The new e-mail address; empty to take it away' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from edit" -l language -d 'The language of their sheets and letters, such as de; empty for site.language' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from edit" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from edit" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from edit" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from edit" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from edit" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from edit" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from edit" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from edit" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from edit" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from edit" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l name-column -d 'The heading of the column of names [default: one that is called so]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l email-column -d 'The heading of the column of addresses [default: one that is called so]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l sheets -d 'Write one sheet for each user into this directory, where sheets of the same names are replaced, or all into a new file that ends in .pdf' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l format -d 'What kind of file a sheet is [default: export.format]' -r -f -a "txt\t''
csv\t''
pdf\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l jobs -d 'Threads that hash codes, each in memory of its own [default: one per processor]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l disable-missing -d 'Disable active users who are not on the list, after a question that says how many'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l dry-run -d 'Only show what would become of each user'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l without-shared-emails -d 'Add users whose address is somebody else\'s too without it'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l generate -d 'Issue codes to each of them who has no batch, as sheets or by mail'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l email -d 'Mail the codes to each user'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from import" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from enable" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from enable" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from enable" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from enable" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from enable" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from enable" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from enable" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from enable" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from enable" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from enable" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from enable" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from enable" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from disable" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from disable" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from disable" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from disable" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from disable" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from disable" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from disable" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from disable" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from disable" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from disable" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from disable" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from disable" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from remove" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from remove" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from remove" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from remove" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from remove" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from remove" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from remove" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from remove" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand user; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l all-expiring -d 'For every user whose codes expire within this span' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l sheets -d 'Write one sheet for each user into this directory, or all into a new file that ends in .pdf' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l count -d 'How many codes [default: codes.count]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l expires-in -d 'When they expire: a number of days, or 12h, 30d, 6mo [default: never; a temporary one after 4h]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l alphabet -d 'The characters they are made of [default: codes.alphabet]' -r -f -a "full\t'60 characters, upper and lower case'
typeable\t'32 characters that are easy to type, in either case; a mistyped group is named'"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l save -d 'Write the codes into this file, as the batch\'s one sheet, instead of printing them' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l format -d 'What kind of file it is [default: by its ending, else export.format]' -r -f -a "txt\t''
csv\t''
pdf\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l all-outdated -d 'For every user whose codes are from before the store was restored'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l all-without-codes -d 'For every user without a code that works'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l all-low -d 'For every user with codes.low codes or fewer, but not none'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l dry-run -d 'Only show for whom that would be'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l create-user -d 'Add the user if there is none of this name'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l pending -d 'Let the old codes work until one of the new ones is confirmed'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l temporary -d 'One code beside the sheet, which stays as it is: for a day at most, with --reason'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l spell -d 'Spell the temporary code too, for the telephone: A as in Alfa'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l email -d 'Mail the codes to the user, as the batch\'s one mail, instead of printing them'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l print -d 'Print the codes although they are saved or mailed'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand generate" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand confirm" -l from -d 'From where the attempt comes: an address, a host, a terminal; who tries from elsewhere keeps nobody waiting' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand confirm" -l socket -d 'Have it checked by `serve`, which listens at this socket, by an account that can read neither store nor key' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand confirm" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand confirm" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand confirm" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand confirm" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand confirm" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand confirm" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand confirm" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand confirm" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand confirm" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand confirm" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand confirm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand confirm" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand verify" -l from -d 'From where the attempt comes: an address, a host, a terminal; who tries from elsewhere keeps nobody waiting' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand verify" -l socket -d 'Have it checked by `serve`, which listens at this socket, by an account that can read neither store nor key' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand verify" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand verify" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand verify" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand verify" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand verify" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand verify" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand verify" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand verify" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand verify" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand verify" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand verify" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand serve" -l socket -d 'Where to listen, if systemd hands no socket over [default: serve.socket]' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand serve" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand serve" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand serve" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand serve" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand serve" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand serve" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand serve" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand serve" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand serve" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand serve" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand serve" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand export" -l format -d 'What kind of file [default: by its ending, else export.format]' -r -f -a "txt\t''
csv\t''
pdf\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand export" -l output -d 'The file, or - for standard output [default: a name with site, user and batch, or export.file_name]' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand export" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand export" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand export" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand export" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand export" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand export" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand export" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand export" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand export" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand export" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand export" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand email" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand email" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand email" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand email" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand email" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand email" -l reminder -d 'Remind of codes that were never confirmed or are few, without the codes'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand email" -l dry-run -d 'Only say who would be reminded'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand email" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand email" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand email" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand email" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand email" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand email" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand email" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand logout" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand logout" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand logout" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand logout" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand logout" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand logout" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand logout" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand logout" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand logout" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand logout" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand logout" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -f -a "list" -d 'List a user\'s codes by hint: those of the active batch and of a pending one, or of the batch that is named'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -f -a "show" -d 'Show one code: whether it works, and if not, since when and why'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -f -a "invalidate" -d 'Invalidate a code, so that it does not work until it is reactivated'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -f -a "reactivate" -d 'Bring an invalidated code of an active batch back'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and not __fish_seen_subcommand_from list show invalidate reactivate delete" -f -a "delete" -d 'Delete a code for good; a purge takes its row when the retention is over'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from list" -l batch -d 'The batch\'s id, or the beginning of it' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from list" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from list" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from list" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from list" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from list" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from list" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from show" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from show" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from show" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from show" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from show" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from show" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from invalidate" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from invalidate" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from invalidate" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from invalidate" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from invalidate" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from invalidate" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from invalidate" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from invalidate" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from invalidate" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from invalidate" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from invalidate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from invalidate" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from reactivate" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from reactivate" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from reactivate" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from reactivate" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from reactivate" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from reactivate" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from reactivate" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from reactivate" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from reactivate" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from reactivate" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from reactivate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from reactivate" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from delete" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from delete" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from delete" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from delete" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from delete" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from delete" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from delete" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from delete" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand code; and __fish_seen_subcommand_from delete" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and not __fish_seen_subcommand_from list show delete" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and not __fish_seen_subcommand_from list show delete" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and not __fish_seen_subcommand_from list show delete" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and not __fish_seen_subcommand_from list show delete" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and not __fish_seen_subcommand_from list show delete" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and not __fish_seen_subcommand_from list show delete" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and not __fish_seen_subcommand_from list show delete" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and not __fish_seen_subcommand_from list show delete" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and not __fish_seen_subcommand_from list show delete" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and not __fish_seen_subcommand_from list show delete" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and not __fish_seen_subcommand_from list show delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and not __fish_seen_subcommand_from list show delete" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and not __fish_seen_subcommand_from list show delete" -f -a "list" -d 'List batches, newest first'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and not __fish_seen_subcommand_from list show delete" -f -a "show" -d 'Show one batch with its codes by hint'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and not __fish_seen_subcommand_from list show delete" -f -a "delete" -d 'Delete a batch: its codes stop working; its counts stay in the history'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from list" -l state -d 'Only those in this state' -r -f -a "pending\t''
active\t''
superseded\t''
deleted\t''
purged\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from list" -l page -d 'Which page' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from list" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from list" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from list" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from list" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from list" -l undelivered -d 'Only those whose codes may still work and which were never exported, mailed or confirmed'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from list" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from list" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from show" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from show" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from show" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from show" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from show" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from show" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from delete" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from delete" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from delete" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from delete" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from delete" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from delete" -l now -d 'Take the rows at once, without waiting for a purge'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from delete" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from delete" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from delete" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand batch; and __fish_seen_subcommand_from delete" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand history" -l page -d 'Which page' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand history" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand history" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand history" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand history" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand history" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand history" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand history" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand history" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand history" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand history" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand history" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and not __fish_seen_subcommand_from list show reset" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and not __fish_seen_subcommand_from list show reset" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and not __fish_seen_subcommand_from list show reset" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and not __fish_seen_subcommand_from list show reset" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and not __fish_seen_subcommand_from list show reset" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and not __fish_seen_subcommand_from list show reset" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and not __fish_seen_subcommand_from list show reset" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and not __fish_seen_subcommand_from list show reset" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and not __fish_seen_subcommand_from list show reset" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and not __fish_seen_subcommand_from list show reset" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and not __fish_seen_subcommand_from list show reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and not __fish_seen_subcommand_from list show reset" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and not __fish_seen_subcommand_from list show reset" -f -a "list" -d 'List users whose attempts failed or came too early'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and not __fish_seen_subcommand_from list show reset" -f -a "show" -d 'Show how often a user\'s attempts failed and how long they have to wait'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and not __fish_seen_subcommand_from list show reset" -f -a "reset" -d 'Forget a user\'s failures and waits, and unlock them'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from list" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from list" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from list" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from list" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from list" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from list" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from show" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from show" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from show" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from show" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from show" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from show" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from reset" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from reset" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from reset" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from reset" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from reset" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from reset" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from reset" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from reset" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from reset" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from reset" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand limit; and __fish_seen_subcommand_from reset" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -f -a "audit" -d 'Show who did what to whom, newest first'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -f -a "verify-attempts" -d 'Show every code that was tried, newest first, with the real reason'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -f -a "email" -d 'Show what became of mail, newest first: when, what about, to whom, how it ended'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -f -a "purges" -d 'Show every run of a purge, newest first, or what one run took of which batch'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -f -a "prune" -d 'Delete old entries of all logs; the audit chain can still be proven'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and not __fish_seen_subcommand_from audit verify-attempts email purges prune verify" -f -a "verify" -d 'Prove that nobody changed, inserted, moved or removed an audit entry'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -l user -d 'Only what concerns this user: name or e-mail address' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -l since -d 'Only from this moment on: 2026-11-23, 2026-11-23T14:05, or 7d for seven days ago' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -l until -d 'Only before this moment' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -l page -d 'Which page' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -l action -d 'Only entries of this kind' -r -f -a "store.created\t''
store.backed_up\t''
store.restored\t''
store.sealed\t''
store.forged\t''
store.moved\t''
clock.accepted\t''
user.added\t''
user.edited\t''
user.enabled\t''
user.disabled\t''
user.removed\t''
batch.generated\t''
batch.imported\t''
codes.imported\t''
batch.confirmed\t''
batch.deleted\t''
code.used\t''
code.invalidated\t''
code.reactivated\t''
code.deleted\t''
codes.exported\t''
export.released\t''
codes.emailed\t''
user.reminded\t''
codes.trusted\t''
session.ended\t''
codes.purged\t''
log.pruned\t''
schedule.added\t''
schedule.edited\t''
schedule.enabled\t''
schedule.disabled\t''
schedule.removed\t''
tasks.flushed\t''
task.retried\t''
limiter.locked\t''
limiter.reset\t''
key.rotated\t''
key.retired\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -l imported -d 'Show what another system wrote, as it came with an import'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from audit" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -l user -d 'Only what concerns this user: name or e-mail address' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -l since -d 'Only from this moment on: 2026-11-23, 2026-11-23T14:05, or 7d for seven days ago' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -l until -d 'Only before this moment' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -l page -d 'Which page' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -l action -d 'Only attempts with this outcome, or only those of verify or confirm' -r -f -a "verify\t''
confirm\t''
accepted\t''
confirmed\t''
already_confirmed\t''
unknown_user\t''
disabled\t''
wrong\t''
used\t''
invalidated\t''
deleted\t''
expired\t''
superseded\t''
pending\t''
outdated\t''
keyless\t''
forged\t''
limited\t''
locked\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify-attempts" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -l user -d 'Only what concerns this user: name or e-mail address' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -l since -d 'Only from this moment on: 2026-11-23, 2026-11-23T14:05, or 7d for seven days ago' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -l until -d 'Only before this moment' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -l page -d 'Which page' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -l action -d 'Only this kind of mail, or this outcome: sent, retry, failed' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -l imported -d 'Show what another system wrote, as it came with an import'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from email" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -l user -d 'Only what concerns this user: name or e-mail address' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -l since -d 'Only from this moment on: 2026-11-23, 2026-11-23T14:05, or 7d for seven days ago' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -l until -d 'Only before this moment' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -l page -d 'Which page' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -l action -d 'Only runs of this schedule, or `interrupted` ones' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -l run -d 'What this run took, batch by batch' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -l imported -d 'Show what another system wrote, as it came with an import'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from purges" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from prune" -l retention-days -d 'Days an entry is kept; 0 for none [default: audit.retention_days]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from prune" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from prune" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from prune" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from prune" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from prune" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from prune" -l dry-run -d 'Only count what would be deleted'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from prune" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from prune" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from prune" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from prune" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from prune" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify" -l anchor -d 'What --head printed once; the chain must still hold it. May be given several times' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify" -l head -d 'Print the number and digest of the last entry as N:DIGEST, to be written down elsewhere'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand log; and __fish_seen_subcommand_from verify" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -l retention-days -d 'Days a dead code is kept; 0 for none [default: purge.retention_days]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -l chunk -d 'Codes in one transaction [default: purge.chunk]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -l max -d 'Codes in this run, or unlimited [default: purge.max_per_run]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -l keep-empty-batches -d 'Keep emptied batches in lists, in the state they are in'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -l dry-run -d 'Only count what would be deleted'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -l shrink -d 'Afterwards give what is free inside the store\'s file back to the disk, in small steps, too'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand purge" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -f -a "add" -d 'Add a recurring purge or pruning; the worker runs it'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -f -a "list" -d 'List schedules by name'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -f -a "show" -d 'Show one schedule: when it runs, and how the last run ended'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -f -a "next" -d 'Show when a schedule runs next, on the clock of its zone'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -f -a "edit" -d 'Change a schedule; a run that has begun goes on as it was'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -f -a "enable" -d 'Let a schedule run by itself again, from its next turn on'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -f -a "disable" -d 'Keep a schedule from running by itself'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -f -a "remove" -d 'Remove a schedule, with its runs that have not begun'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -f -a "run" -d 'Run a schedule now; its next turn stays as it is'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and not __fish_seen_subcommand_from add list show next edit enable disable remove run install" -f -a "install" -d 'Let systemd or cron call `worker --once` every few minutes'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -l run -d 'What it runs' -r -f -a "purge\t'Delete dead codes'
prune\t'Prune the logs'"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -l every -d 'How often: once, hourly, daily, weekly, monthly, quarterly, yearly, or a turn of 15m, 6h, 2d, 2w, 3mo' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -l cron -d 'The same as a cron expression, by the clock of the zone of --at: \'0 3 * * 1-5\'' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -l at -d 'The first run, in UTC unless a zone is named: 03:00, 2026-11-30T03:00, 2026-11-30T03:00[Europe/Berlin]; with --cron, from when on [default for --cron: now]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -l next -d 'The next run, if it is to be another than the calendar\'s; not earlier than --at' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -l retention-days -d 'Days a dead code or an entry is kept [default: the setting at the time of the run]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -l keep-empty-batches -d 'Keep emptied batches in lists'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -l log -d 'Write a report of each run to the log file'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -l disabled -d 'Add it without letting it run yet'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from add" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from list" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from list" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from list" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from list" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from list" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from list" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from show" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from show" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from show" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from show" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from show" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from show" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from next" -l count -d 'How many runs' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from next" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from next" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from next" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from next" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from next" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from next" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from next" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from next" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from next" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from next" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from next" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from next" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l name -d 'The new name' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l run -d 'What it runs' -r -f -a "purge\t'Delete dead codes'
prune\t'Prune the logs'"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l every -d 'How often: once, hourly, daily, weekly, monthly, quarterly, yearly, or a turn of 15m, 6h, 2d, 2w, 3mo' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l cron -d 'The same as a cron expression, by the clock of the zone of --at: \'0 3 * * 1-5\'' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l at -d 'The first run' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l next -d 'The next run; not earlier than the first' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l retention-days -d 'Days a dead code or an entry is kept' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l keep-empty-batches -d 'Whether emptied batches stay in lists' -r -f -a "true\t''
false\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l log -d 'Whether each run writes a report to the log file' -r -f -a "true\t''
false\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from edit" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from enable" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from enable" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from enable" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from enable" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from enable" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from enable" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from disable" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from disable" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from disable" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from disable" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from disable" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from disable" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from remove" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from remove" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from run" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from run" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from run" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from run" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from run" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from run" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from run" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from run" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from run" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from run" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from install" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from install" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from install" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from install" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from install" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from install" -l systemd -d 'A systemd service and timer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from install" -l cron -d 'A crontab line'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from install" -l print -d 'Print it instead of writing it'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from install" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from install" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from install" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from install" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from install" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand schedule; and __fish_seen_subcommand_from install" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and not __fish_seen_subcommand_from list show retry flush" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and not __fish_seen_subcommand_from list show retry flush" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and not __fish_seen_subcommand_from list show retry flush" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and not __fish_seen_subcommand_from list show retry flush" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and not __fish_seen_subcommand_from list show retry flush" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and not __fish_seen_subcommand_from list show retry flush" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and not __fish_seen_subcommand_from list show retry flush" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and not __fish_seen_subcommand_from list show retry flush" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and not __fish_seen_subcommand_from list show retry flush" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and not __fish_seen_subcommand_from list show retry flush" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and not __fish_seen_subcommand_from list show retry flush" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and not __fish_seen_subcommand_from list show retry flush" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and not __fish_seen_subcommand_from list show retry flush" -f -a "list" -d 'List background work, newest first'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and not __fish_seen_subcommand_from list show retry flush" -f -a "show" -d 'Show one task: what it is about, how often it was tried, and how that ended'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and not __fish_seen_subcommand_from list show retry flush" -f -a "retry" -d 'Try a task again that failed or waits, as if it had never been tried'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and not __fish_seen_subcommand_from list show retry flush" -f -a "flush" -d 'Clear tasks that are not running, and schedules'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from list" -l state -d 'Only tasks in this state' -r -f -a "queued\t''
running\t''
failed\t''
done\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from list" -l page -d 'Which page' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from list" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from list" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from list" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from list" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from list" -l watch -d 'Show the list anew every second, until Ctrl-C'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from list" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from list" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from show" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from show" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from show" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from show" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from show" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from show" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from retry" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from retry" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from retry" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from retry" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from retry" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from retry" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from retry" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from retry" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from retry" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from retry" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from retry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from retry" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from flush" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from flush" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from flush" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from flush" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from flush" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from flush" -l failed -d 'Those that failed'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from flush" -l scheduler -d 'The schedules themselves, with their runs that wait or have ended'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from flush" -l all -d 'Everything: schedules, runs, and mail that failed or waits to be sent'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from flush" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from flush" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from flush" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from flush" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from flush" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from flush" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand task; and __fish_seen_subcommand_from flush" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand worker" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand worker" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand worker" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand worker" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand worker" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand worker" -l once -d 'Do what is due now and end'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand worker" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand worker" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand worker" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand worker" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand worker" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand worker" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand worker" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and not __fish_seen_subcommand_from list rotate retire" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and not __fish_seen_subcommand_from list rotate retire" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and not __fish_seen_subcommand_from list rotate retire" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and not __fish_seen_subcommand_from list rotate retire" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and not __fish_seen_subcommand_from list rotate retire" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and not __fish_seen_subcommand_from list rotate retire" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and not __fish_seen_subcommand_from list rotate retire" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and not __fish_seen_subcommand_from list rotate retire" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and not __fish_seen_subcommand_from list rotate retire" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and not __fish_seen_subcommand_from list rotate retire" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and not __fish_seen_subcommand_from list rotate retire" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and not __fish_seen_subcommand_from list rotate retire" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and not __fish_seen_subcommand_from list rotate retire" -f -a "list" -d 'List the keys this store was used with or that are at hand, oldest first; never a secret'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and not __fish_seen_subcommand_from list rotate retire" -f -a "rotate" -d 'Make a new key for everything from now on; codes made with the old one go on working'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and not __fish_seen_subcommand_from list rotate retire" -f -a "retire" -d 'Take the secret of an old key away, once no live code needs it'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from list" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from list" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from list" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from list" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from list" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from list" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from rotate" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from rotate" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from rotate" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from rotate" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from rotate" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from rotate" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from rotate" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from rotate" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from rotate" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from rotate" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from rotate" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from retire" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from retire" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from retire" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from retire" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from retire" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from retire" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from retire" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from retire" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from retire" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from retire" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from retire" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand key; and __fish_seen_subcommand_from retire" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -f -a "django" -d 'Take over the codes of django-auth-recovery-codes; can be repeated'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -f -a "otp-static" -d 'Take over static tokens of django-otp; can be repeated'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -f -a "libpam" -d 'Take over scratch codes of google-authenticator; can be repeated'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -f -a "keycloak" -d 'Take over recovery codes of Keycloak; can be repeated'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -f -a "privacyidea" -d 'Take over TANs of privacyIDEA; can be repeated'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and not __fish_seen_subcommand_from django otp-static libpam keycloak privacyidea csv" -f -a "csv" -d 'Take over codes from a list; can be repeated'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -l settings -d 'Only read this settings.py or .env, as text, and print what it says as a config.toml' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -l key-file -d 'A private file that holds the value of DJANGO_AUTH_RECOVERY_KEY; it is kept beside the key file, because the codes need it [default: the key that is known already]' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -l page -d 'Which page of what would happen' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -l per-page -d 'Rows on a page of it [default: history.per_page]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -l jobs -d 'Threads that hash codes, each in memory of its own [default: one per processor]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -l trust-codes -d 'Take codes over into a store that was restored from a backup, though the backup may be from before an earlier import, and the codes used since'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -l without-shared-emails -d 'Add users whose address is somebody else\'s too without it'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -l dry-run -d 'Only show what would happen, users first of whom nothing or not all comes'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from django" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -l expires-in -d 'When the codes expire here: a number of days, or 12h, 30d, 6mo; never later than there [default: never; weak ones after 90d]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -l page -d 'Which page of what would happen' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -l per-page -d 'Rows on a page of it [default: history.per_page]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -l jobs -d 'Threads that hash codes, each in memory of its own [default: one per processor]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -l accept-weak -d 'Take codes over that can be guessed with fewer than 64 bits: each of their users can then be tried 100 times in all, from wherever'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -l accept-slow -d 'Take codes over that are hashed slowly, each with a salt: until they are used or expire, each attempt with such a code costs as many hashes more as one of their users has, for everybody'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -l trust-codes -d 'Take codes over into a store that was restored from a backup, though the backup may be from before an earlier import, and the codes used since'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -l without-shared-emails -d 'Add users whose address is somebody else\'s too without it'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -l dry-run -d 'Only show what would happen, users first of whom nothing or not all comes'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from otp-static" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -l expires-in -d 'When the codes expire here: a number of days, or 12h, 30d, 6mo; never later than there [default: never; weak ones after 90d]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -l page -d 'Which page of what would happen' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -l per-page -d 'Rows on a page of it [default: history.per_page]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -l jobs -d 'Threads that hash codes, each in memory of its own [default: one per processor]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -l accept-weak -d 'Take codes over that can be guessed with fewer than 64 bits: each of their users can then be tried 100 times in all, from wherever'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -l accept-slow -d 'Take codes over that are hashed slowly, each with a salt: until they are used or expire, each attempt with such a code costs as many hashes more as one of their users has, for everybody'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -l trust-codes -d 'Take codes over into a store that was restored from a backup, though the backup may be from before an earlier import, and the codes used since'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -l without-shared-emails -d 'Add users whose address is somebody else\'s too without it'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -l dry-run -d 'Only show what would happen, users first of whom nothing or not all comes'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from libpam" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -l expires-in -d 'When the codes expire here: a number of days, or 12h, 30d, 6mo; never later than there [default: never; weak ones after 90d]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -l page -d 'Which page of what would happen' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -l per-page -d 'Rows on a page of it [default: history.per_page]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -l jobs -d 'Threads that hash codes, each in memory of its own [default: one per processor]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -l accept-weak -d 'Take codes over that can be guessed with fewer than 64 bits: each of their users can then be tried 100 times in all, from wherever'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -l accept-slow -d 'Take codes over that are hashed slowly, each with a salt: until they are used or expire, each attempt with such a code costs as many hashes more as one of their users has, for everybody'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -l trust-codes -d 'Take codes over into a store that was restored from a backup, though the backup may be from before an earlier import, and the codes used since'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -l without-shared-emails -d 'Add users whose address is somebody else\'s too without it'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -l dry-run -d 'Only show what would happen, users first of whom nothing or not all comes'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from keycloak" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -l expires-in -d 'When the codes expire here: a number of days, or 12h, 30d, 6mo; never later than there [default: never; weak ones after 90d]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -l page -d 'Which page of what would happen' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -l per-page -d 'Rows on a page of it [default: history.per_page]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -l jobs -d 'Threads that hash codes, each in memory of its own [default: one per processor]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -l accept-weak -d 'Take codes over that can be guessed with fewer than 64 bits: each of their users can then be tried 100 times in all, from wherever'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -l accept-slow -d 'Take codes over that are hashed slowly, each with a salt: until they are used or expire, each attempt with such a code costs as many hashes more as one of their users has, for everybody'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -l trust-codes -d 'Take codes over into a store that was restored from a backup, though the backup may be from before an earlier import, and the codes used since'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -l without-shared-emails -d 'Add users whose address is somebody else\'s too without it'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -l dry-run -d 'Only show what would happen, users first of whom nothing or not all comes'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from privacyidea" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -l expires-in -d 'When the codes expire here: a number of days, or 12h, 30d, 6mo; never later than there [default: never; weak ones after 90d]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -l page -d 'Which page of what would happen' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -l per-page -d 'Rows on a page of it [default: history.per_page]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -l jobs -d 'Threads that hash codes, each in memory of its own [default: one per processor]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -l accept-weak -d 'Take codes over that can be guessed with fewer than 64 bits: each of their users can then be tried 100 times in all, from wherever'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -l accept-slow -d 'Take codes over that are hashed slowly, each with a salt: until they are used or expire, each attempt with such a code costs as many hashes more as one of their users has, for everybody'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -l trust-codes -d 'Take codes over into a store that was restored from a backup, though the backup may be from before an earlier import, and the codes used since'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -l without-shared-emails -d 'Add users whose address is somebody else\'s too without it'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -l dry-run -d 'Only show what would happen, users first of whom nothing or not all comes'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand import; and __fish_seen_subcommand_from csv" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand backup" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand backup" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand backup" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand backup" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand backup" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand backup" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand backup" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand backup" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand backup" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand backup" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand backup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand backup" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand restore" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand restore" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand restore" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand restore" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand restore" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand restore" -l trust-codes -d 'Let the backup\'s codes work on, also those that were used or replaced since'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand restore" -l dry-run -d 'Only say what would happen'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand restore" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand restore" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand restore" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand restore" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand restore" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand restore" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and not __fish_seen_subcommand_from copy" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and not __fish_seen_subcommand_from copy" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and not __fish_seen_subcommand_from copy" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and not __fish_seen_subcommand_from copy" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and not __fish_seen_subcommand_from copy" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and not __fish_seen_subcommand_from copy" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and not __fish_seen_subcommand_from copy" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and not __fish_seen_subcommand_from copy" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and not __fish_seen_subcommand_from copy" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and not __fish_seen_subcommand_from copy" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and not __fish_seen_subcommand_from copy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and not __fish_seen_subcommand_from copy" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and not __fish_seen_subcommand_from copy" -f -a "copy" -d 'Move everything to another place: from a file to a server, or back'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and __fish_seen_subcommand_from copy" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and __fish_seen_subcommand_from copy" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and __fish_seen_subcommand_from copy" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and __fish_seen_subcommand_from copy" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and __fish_seen_subcommand_from copy" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and __fish_seen_subcommand_from copy" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and __fish_seen_subcommand_from copy" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and __fish_seen_subcommand_from copy" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and __fish_seen_subcommand_from copy" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and __fish_seen_subcommand_from copy" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and __fish_seen_subcommand_from copy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand store; and __fish_seen_subcommand_from copy" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand completions" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand completions" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand completions" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand completions" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand completions" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand completions" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand completions" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand completions" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand completions" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand completions" -s V -l version -d 'Print version'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand help" -l store -d 'The store: a file, or the URL of a server, postgres://…' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand help" -l config -d 'The configuration file; the key file lies beside it' -r -F
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand help" -l actor -d 'Who gives the command, for the audit log [default: $SUDO_USER, else $USER]' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand help" -l reason -d 'Why, for the audit log' -r
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t''
never\t''"
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand help" -l system -d 'The machine\'s configuration, for an account that would use its own'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand help" -l json -d 'Print one JSON document on standard output; errors as JSON on standard error'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand help" -s q -l quiet -d 'Say nothing but what was asked for'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand help" -s v -l verbose -d 'Say more'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand help" -s y -l yes -l noinput -d 'Do not ask; take yes for an answer'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c recovery-codes -n "__fish_recovery_codes_using_subcommand help" -s V -l version -d 'Print version'
