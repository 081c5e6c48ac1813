#!/bin/bash
# Writes server.properties from the environment, formats the storage when it is new, and becomes the
# broker. KAFKA_NODE_ID is node.id: `_` stands for a dot, `__` for an underscore, `___` for a dash.
# CLUSTER_ID, KAFKA_HEAP_OPTS, KAFKA_OPTS and KAFKA_JVM_PERFORMANCE_OPTS are for this script.
set -euo pipefail

config=${KAFKA_CONFIG_FOLDER:-/opt/kafka/config}
[ -w "$config" ] || config=/tmp
properties=$config/server.properties

setting_name() {
  local name=${1#KAFKA_}
  name=${name,,}
  name=${name//___/-}
  name=${name//__/$'\x01'}
  name=${name//_/.}
  echo "${name//$'\x01'/_}"
}

# What apache/kafka does without any environment: one node that is broker and controller.
declare -A settings=(
  [node.id]="1"
  [process.roles]="broker,controller"
  [controller.quorum.voters]="1@localhost:9093"
  [controller.listener.names]="CONTROLLER"
  [listeners]="PLAINTEXT://:9092,CONTROLLER://:9093"
  [advertised.listeners]="PLAINTEXT://localhost:9092"
  [listener.security.protocol.map]="CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT"
  [inter.broker.listener.name]="PLAINTEXT"
  [log.dirs]="/tmp/kraft-combined-logs"
  [offsets.topic.replication.factor]="1"
  [transaction.state.log.replication.factor]="1"
  [transaction.state.log.min.isr]="1"
)
for variable in $(compgen -e KAFKA_); do
  case $variable in
    KAFKA_HEAP_OPTS | KAFKA_OPTS | KAFKA_JVM_PERFORMANCE_OPTS | KAFKA_CONFIG_FOLDER | KAFKA_LOG4J*) ;;
    # What Kubernetes tells of a Service named kafka.
    KAFKA_PORT | KAFKA_PORT_* | KAFKA_SERVICE_*) ;;
    *) settings[$(setting_name "$variable")]=${!variable} ;;
  esac
done
for name in "${!settings[@]}"; do
  echo "$name=${settings[$name]}"
done | sort >"$properties"

read -ra flags <<<"${KAFKA_HEAP_OPTS:--Xmx1G -Xms1G} \
  ${KAFKA_JVM_PERFORMANCE_OPTS:--XX:+UseG1GC -XX:MaxGCPauseMillis=20} ${KAFKA_OPTS:-}"
run_class() {
  exec java "${flags[@]}" -Djava.awt.headless=true -Dorg.slf4j.simpleLogger.defaultLogLevel=info \
    -cp '/opt/kafka/libs/*' "$@"
}

(run_class kafka.tools.StorageTool format --ignore-formatted \
  --cluster-id "${CLUSTER_ID:-5L6g3nShT-eMCtK--X86sw}" --config "$properties")
run_class kafka.Kafka "$properties"
