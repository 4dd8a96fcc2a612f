#!/usr/bin/env bash
# Installs, updates or removes the Watchfloor agent on a rented instance. See README.md beside it.
#   curl -fsSL https://CONSOLE/agent/install.sh | WATCHFLOOR_TOKEN=… bash -s -- --url https://CONSOLE
set -u
umask 077
export LC_ALL=C

usage() {
  cat <<'EOF'
install.sh --url URL [--token TOKEN | --token-file FILE] [--instance ID] [options]
  --home             place everything below ~, also when run as root
  --start HOW        auto (default), supervisor, cron, loop or none
  --supervisor-dir D where supervisord reads programs from (default /etc/supervisor/conf.d)
  --supervisor-conf F configuration file for supervisorctl
  --agent-file FILE  install this file instead of fetching it from the console
  --uninstall        stop the agent and remove all of it
EOF
}
die() { printf 'install: %s\n' "$*" >&2; exit 1; }
note() { printf 'install: %s\n' "$*"; }
have() { [[ -n $(type -P -- "$1") ]]; }

parse_flags() {
  URL=${WATCHFLOOR_URL:-} TOKEN=${WATCHFLOOR_TOKEN:-} INSTANCE=${WATCHFLOOR_INSTANCE:-} START=auto USER_HOME='' UNINSTALL='' AGENT_FILE=''
  SUPERVISOR_DIR=/etc/supervisor/conf.d SUPERVISOR_CONF=''
  unset WATCHFLOOR_TOKEN WATCHFLOOR_URL WATCHFLOOR_INSTANCE
  while (($#)); do
    case $1 in
      --uninstall) UNINSTALL=1 ;;
      --home) USER_HOME=1 ;;
      --help | -h) usage; exit 0 ;;
      --url | --token | --token-file | --instance | --start | --agent-file | --supervisor-dir | --supervisor-conf)
        (($# > 1)) || die "$1 needs a value"
        case $1 in
          --url) URL=$2 ;;
          --token) TOKEN=$2 ;;
          --token-file) IFS= read -r TOKEN <"$2" || [[ -n $TOKEN ]] || die "can't read a token from $2" ;;
          --instance) INSTANCE=$2 ;;
          --start) START=$2 ;;
          --agent-file) AGENT_FILE=$2 ;;
          --supervisor-dir) SUPERVISOR_DIR=$2 ;;
          --supervisor-conf) SUPERVISOR_CONF=$2 ;;
        esac
        shift
        ;;
      *) usage >&2; die "unknown option $1" ;;
    esac
    shift
  done
  URL=${URL%/}
  [[ $START =~ ^(auto|supervisor|cron|loop|none)$ ]] || die "--start is auto, supervisor, cron, loop or none, not '$START'"
  [[ -z $TOKEN || $TOKEN =~ ^[A-Za-z0-9._~+/=-]+$ ]] || die 'the token has characters that a bearer token cannot have'
  [[ -z $INSTANCE || $INSTANCE =~ ^[A-Za-z0-9._:-]+$ ]] || die 'the instance id may have letters, digits and . _ : - only'
}
choose_places() {
  if [[ $EUID == 0 && -z $USER_HOME ]]; then
    BIN=/usr/local/bin/watchfloor-agent.sh CONF=/etc/watchfloor-agent.conf STATE=/var/lib/watchfloor-agent LOG=/var/log/watchfloor-agent.log
  else
    [[ -n ${HOME:-} && -d $HOME && -w $HOME ]] || die 'HOME is not a directory that can be written'
    BIN=$HOME/.local/bin/watchfloor-agent.sh CONF=$HOME/.config/watchfloor-agent.conf STATE=$HOME/.local/state/watchfloor-agent
    LOG=$STATE/agent.log
  fi
  PROGRAM_FILE=$SUPERVISOR_DIR/watchfloor-agent.conf
  LOOP_FILE=$STATE/loop.sh
}
fetch() {
  local from=$URL/agent/watchfloor-agent.sh
  if [[ -n $AGENT_FILE ]]; then cp -- "$AGENT_FILE" "$1" || die "can't read $AGENT_FILE"
  elif have curl; then curl -q -fsSL --max-time 60 -o "$1" -- "$from" || die "can't fetch $from"
  elif have wget; then wget -q -T 60 -t 2 -O "$1" -- "$from" || die "can't fetch $from"
  else die 'curl or wget is needed to fetch the agent; or copy the file here and give --agent-file'; fi
  # A cut-off or foreign answer (a sign-in page, say) must not replace a working agent.
  if [[ $(head -n 1 -- "$1") != '#!'*bash || $(tail -n 1 -- "$1") != 'main "$@"' ]] || ! bash -n "$1" 2>/dev/null; then
    rm -f -- "$1"
    die "what came from $from is not the agent"
  fi
}
place_agent() {
  local temporary
  mkdir -p -- "${BIN%/*}" "$STATE" || die "can't create ${BIN%/*} and $STATE"
  chmod 700 -- "$STATE"
  temporary=$(mktemp "$BIN.XXXXXX") || die "can't write to ${BIN%/*}"
  fetch "$temporary"
  chmod 755 -- "$temporary"
  mv -f -- "$temporary" "$BIN" || die "can't place $BIN"
}
# Keeps every line of an earlier configuration that is not given anew.
write_config() {
  local temporary line
  mkdir -p -- "${CONF%/*}"
  temporary=$(mktemp "$CONF.XXXXXX") || die "can't write $CONF"
  if [[ -r $CONF ]]; then
    while IFS= read -r line || [[ -n $line ]]; do
      [[ -n $URL && $line == WATCHFLOOR_URL=* ]] && continue
      [[ -n $TOKEN && $line == WATCHFLOOR_TOKEN=* ]] && continue
      [[ -n $INSTANCE && $line == WATCHFLOOR_INSTANCE=* ]] && continue
      printf '%s\n' "$line"
    done <"$CONF" >"$temporary"
  fi
  {
    [[ -z $URL ]] || printf 'WATCHFLOOR_URL=%s\n' "$URL"
    [[ -z $TOKEN ]] || printf 'WATCHFLOOR_TOKEN=%s\n' "$TOKEN"
    [[ -z $INSTANCE ]] || printf 'WATCHFLOOR_INSTANCE=%s\n' "$INSTANCE"
  } >>"$temporary"
  chmod 600 -- "$temporary"
  mv -f -- "$temporary" "$CONF" || die "can't place $CONF"
}
configured() { grep -q "^WATCHFLOOR_$1=." "$CONF" 2>/dev/null; }
know_instance() {
  if [[ -n $INSTANCE ]] || configured INSTANCE || [[ -r /proc/1/environ && $EUID == 0 ]]; then return; fi
  # Without root the agent can't read the container's variables when cron starts it, so they are kept.
  INSTANCE=${CONTAINER_ID:-${VAST_CONTAINERLABEL:-}}
  INSTANCE=${INSTANCE#C.}
}
ctl() { timeout 20 supervisorctl ${SUPERVISOR_CONF:+-c "$SUPERVISOR_CONF"} "$@"; }
crontab_without_agent() { crontab -l 2>/dev/null | grep -vF -- "$BIN"; }
running_agent() {
  local pid started stat
  { read -r pid started <"$STATE/lock"; } 2>/dev/null || return 1
  { read -r -d '' stat <"/proc/$pid/stat"; } 2>/dev/null
  [[ -n ${stat:-} ]] || return 1
  stat=${stat##*) }
  # shellcheck disable=SC2086
  set -- $stat
  [[ ${20} == "$started" ]] || return 1
  REPLY=$pid
}
end_process() {
  local pid=$1 i
  kill -TERM "$pid" 2>/dev/null || return 0
  for ((i = 0; i < 150; i++)); do [[ -d /proc/$pid ]] || return 0; sleep 0.1; done
  kill -KILL "$pid" 2>/dev/null
}
stop_all() {
  local pid='' words=''
  if [[ -e $PROGRAM_FILE ]] && have supervisorctl; then ctl stop watchfloor-agent >/dev/null 2>&1; fi
  { read -r pid <"$STATE/loop.pid"; } 2>/dev/null
  if [[ ${pid:-} =~ ^[0-9]+$ && -r /proc/$pid/cmdline ]]; then
    words=$(tr '\0' ' ' <"/proc/$pid/cmdline")
    [[ $words != *"$LOOP_FILE"* ]] || end_process "$pid"
  fi
  rm -f -- "$STATE/loop.pid"
  if running_agent; then end_process "$REPLY"; fi
}
start_supervisor() {
  have supervisorctl && [[ -d $SUPERVISOR_DIR && -w $SUPERVISOR_DIR ]] && ctl pid >/dev/null 2>&1 || return 1
  cat >"$PROGRAM_FILE" <<EOF || return 1
[program:watchfloor-agent]
command=/usr/bin/env bash $BIN --config $CONF --state-dir $STATE
autostart=true
autorestart=true
startsecs=3
startretries=10
stopwaitsecs=15
priority=999
stdout_logfile=/dev/null
stderr_logfile=$LOG
stderr_logfile_maxbytes=128KB
stderr_logfile_backups=1
EOF
  chmod 644 -- "$PROGRAM_FILE"
  if ctl update watchfloor-agent >/dev/null 2>&1; then
    ctl start watchfloor-agent >/dev/null 2>&1
    note 'started as the supervisord program watchfloor-agent'
    return 0
  fi
  rm -f -- "$PROGRAM_FILE"
  return 1
}
start_cron() {
  have crontab || return 1
  { crontab_without_agent; printf '@reboot %s\n*/5 * * * * %s\n' "$COMMAND >/dev/null 2>&1" "$COMMAND >/dev/null 2>&1"; } | crontab - 2>/dev/null || return 1
  # shellcheck disable=SC2086
  nohup $COMMAND </dev/null >/dev/null 2>&1 &
  note 'started in the background; cron starts it again after a reboot or a crash'
}
start_loop() {
  cat >"$LOOP_FILE" <<EOF
#!/usr/bin/env bash
trap '[[ -z \$agent ]] || kill "\$agent"; exit 0' TERM
while :; do
  $COMMAND </dev/null >/dev/null 2>&1 &
  agent=\$!
  wait "\$agent"
  agent=
  sleep 30 &
  wait \$!
done
EOF
  nohup bash "$LOOP_FILE" </dev/null >/dev/null 2>&1 &
  printf '%s\n' "$!" >"$STATE/loop.pid"
  note 'started in the background by a loop; nothing starts it after a reboot: put this line into the on-start script:'
  note "  nohup bash $LOOP_FILE &"
}
start() {
  COMMAND="$BIN --config $CONF --state-dir $STATE --log-file $LOG"
  [[ $BIN != *[$' \t%"']* ]] || die "the path $BIN can't hold spaces, quotes or percent signs"
  case $START in
    none) note "not started; start it with: $COMMAND" ;;
    supervisor) start_supervisor || die "supervisord does not answer or $SUPERVISOR_DIR can't be written" ;;
    cron) start_cron || die "cron can't be used here" ;;
    loop) start_loop ;;
    auto) { [[ -z $USER_HOME || $SUPERVISOR_DIR != /etc/supervisor/conf.d ]] && start_supervisor; } || start_cron || start_loop ;;
  esac
}
uninstall() {
  stop_all
  if [[ -e $PROGRAM_FILE ]]; then
    rm -f -- "$PROGRAM_FILE"
    if have supervisorctl; then ctl update watchfloor-agent >/dev/null 2>&1; fi
  fi
  if have crontab && crontab -l 2>/dev/null | grep -qF -- "$BIN"; then crontab_without_agent | crontab -; fi
  rm -f -- "$BIN" "$CONF" "${CONF%.conf}-orders.conf" "$LOG" "$LOG.1"
  rm -rf -- "$STATE"
  note 'stopped and removed'
}
main() {
  parse_flags "$@"
  choose_places
  if [[ -n $UNINSTALL ]]; then uninstall; return; fi
  [[ -n $URL ]] || configured URL || die 'which console? give --url https://…'
  [[ -n $URL ]] || URL=$(sed -n 's/^WATCHFLOOR_URL=//p' "$CONF")
  local address='^https?://[]A-Za-z0-9.:_/[-]+$'
  [[ $URL =~ $address ]] || die 'the console address must look like https://host[:port]'
  [[ -n $TOKEN ]] || configured TOKEN || die "which token? set WATCHFLOOR_TOKEN or give --token-file; the console makes one on the instance's page"
  know_instance
  place_agent
  write_config
  stop_all
  note "placed $BIN, configuration $CONF"
  "$BIN" --config "$CONF" --state-dir "$STATE" --check </dev/null || note 'not everything can be seen, see above; the agent runs all the same'
  start
}
main "$@"
