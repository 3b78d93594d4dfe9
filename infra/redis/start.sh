#!/bin/sh
# Starts Redis in its container with one user per service. A spec compares the permissions with redis-users.ts.
# The configuration is passed by standard input, so that `ps` does not show the passwords.
set -eu
exec redis-server - <<CONF
appendonly yes
requirepass $REDIS_PASSWORD
user gateway on >$REDIS_PASSWORD_GATEWAY resetchannels -@all +hello +auth +ping +quit +info ~limit:* +eval +hgetall +hset +hdel +pexpire +zadd +zremrangebyscore +zcard +set +get +del
user auth on >$REDIS_PASSWORD_AUTH resetchannels -@all +hello +auth +ping +quit +info ~auth:* +eval +get +set +incrby +pttl +del
user monitor on >$REDIS_PASSWORD_MONITOR resetchannels -@all +hello +auth +ping +quit +info
user healer on >$REDIS_PASSWORD_HEALER resetchannels -@all +hello +auth +ping +quit +info
CONF
