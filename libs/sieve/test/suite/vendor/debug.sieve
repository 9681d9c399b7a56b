debug_log "a";
