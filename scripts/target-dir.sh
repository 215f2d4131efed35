#!/usr/bin/env bash
# Prints where cargo may build: ./target, or a cache of one's own when the checkout was built by another user.
cd "$(dirname "$0")/.." || exit
if [ ! -e target ]; then
  [ -w . ] && echo "$PWD/target" && exit
elif [ -z "$(find target -maxdepth 2 ! -writable -print -quit 2>/dev/null)" ]; then
  echo "$PWD/target" && exit
fi
echo "${XDG_CACHE_HOME:-$HOME/.cache}/argus/target"
