# Part of start-switch.sh, safeswitch.sh, confirm.sh and stop.sh: reading an order (see Journal.md). Every value is looked at again, whoever wrote it.
a_store_path() {
    case $1 in /nix/store/?*) ;; *) return 1 ;; esac
    case ${1#/nix/store/} in *[!A-Za-z0-9+._?=-]*) return 1 ;; esac
    [ ${#1} -le 255 ]
}
a_number() { case $1 in '' | 0?* | *[!0-9]* | ??????????*) return 1 ;; esac; }
an_id() {
    case $1 in *[!0-9a-f-]*) return 1 ;; ????????-????-????-????-????????????) ;; *) return 1 ;; esac
}
a_unit() {
    case $1 in *[!A-Za-z0-9:_.@\\-]* | .* | --* | '') return 1 ;; *.*) ;; *) return 1 ;; esac
    [ ${#1} -le 255 ]
}

# Reads the order from standard input; what is wrong with it into $why, empty when nothing is.
read_order() {
    why='' format='' mode='' target='' generation='' expected='' probation='' confirm='' early='' stand='' stand_confirm='' undo='' floor=no watched='' checks=''
    while IFS=$tab read -r word one two three; do
        case $word in
            order) format=$one ;;
            mode) mode=$one ;;
            target) target=$one generation=$two ;;
            expected) expected=$one ;;
            probation) probation=$one ;;
            confirm) confirm=$one ;;
            early) early=$one ;;
            stand) stand=$one stand_confirm=$two undo=$three ;;
            floor) floor=$one ;;
            watch) a_unit "$one" && watched=$watched$one$newline || why='The order names no proper unit to watch.' ;;
            check)
                case $one in '' | *[!A-Za-z0-9._-]*) why='The order names no proper check.' ;; esac
                checks=$checks$one$tab$two$tab$three$newline ;;
        esac
    done
    if [ "$format" != 2 ]; then why='This server is told something by a dashboard of another version.'
    elif case $mode in now | boot | restart) false ;; esac; then why='The operation has no proper mode.'
    elif ! { a_store_path "$target" && a_store_path "$expected"; }; then why='The operation names no proper system.'
    elif ! a_number "$generation"; then why='The operation names no proper generation.'
    elif ! { a_number "$probation" && a_number "$confirm" && a_number "$stand" && a_number "$stand_confirm"; }; then why='The operation names no proper times.'
    elif [ "$undo" != - ] && ! an_id "$undo"; then why='The operation names no proper operation to go back with.'
    fi
    [ "$undo" != - ] || stand=0
    [ "$generation" = 0 ] && name="the system" || name="generation $generation"
    [ -z "$why" ]
}
