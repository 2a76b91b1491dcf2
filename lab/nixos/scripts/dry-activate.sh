#!/bin/bash
[ /etc/static -ef @out@/etc ] || echo "would update /etc"
