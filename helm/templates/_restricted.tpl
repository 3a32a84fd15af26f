{{/* Kubernetes' restricted pod security standard, as far as values could break it: a namespace that
enforces it would refuse the pod, and one that does not would run it. (list WHERE CONTEXT): both of a
pod and of a container. */}}
{{- define "lethe.restricted.any" -}}
{{- $at := index . 0 -}}
{{- $context := index . 1 -}}
{{- if and (hasKey $context "runAsNonRoot") (ne (toString $context.runAsNonRoot) "true") -}}
{{- fail (printf "%s.runAsNonRoot: must stay true: the vault never runs as root" $at) -}}
{{- end -}}
{{- if and (hasKey $context "runAsUser") (not (kindIs "invalid" $context.runAsUser)) (lt (int64 $context.runAsUser) 1) -}}
{{- fail (printf "%s.runAsUser: must not be 0: the vault never runs as root" $at) -}}
{{- end -}}
{{- with $context.seccompProfile -}}
{{- if not (has .type (list "RuntimeDefault" "Localhost")) -}}
{{- fail (printf "%s.seccompProfile.type: must be RuntimeDefault or Localhost" $at) -}}
{{- end -}}
{{- end -}}
{{- with $context.appArmorProfile -}}
{{- if not (has .type (list "RuntimeDefault" "Localhost")) -}}
{{- fail (printf "%s.appArmorProfile.type: must be RuntimeDefault or Localhost" $at) -}}
{{- end -}}
{{- end -}}
{{- with $context.seLinuxOptions -}}
{{- if not (has (default "" .type) (list "" "container_t" "container_init_t" "container_kvm_t" "container_engine_t")) -}}
{{- fail (printf "%s.seLinuxOptions.type: must be one of the container types, such as container_t" $at) -}}
{{- end -}}
{{- if or .user .role -}}
{{- fail (printf "%s.seLinuxOptions: user and role must stay unset" $at) -}}
{{- end -}}
{{- end -}}
{{- if $context.windowsOptions -}}
{{- fail (printf "%s.windowsOptions: the vault runs on Linux" $at) -}}
{{- end -}}
{{- end -}}

{{- define "lethe.restricted.pod" -}}
{{- include "lethe.restricted.any" . -}}
{{- $at := index . 0 -}}
{{- $context := index . 1 -}}
{{- if not $context.seccompProfile -}}
{{- fail (printf "%s.seccompProfile: must be there: {type: RuntimeDefault}" $at) -}}
{{- end -}}
{{- if $context.sysctls -}}
{{- fail (printf "%s.sysctls: the vault needs none, and most are the node's own" $at) -}}
{{- end -}}
{{- end -}}

{{- define "lethe.restricted.container" -}}
{{- include "lethe.restricted.any" . -}}
{{- $at := index . 0 -}}
{{- $context := index . 1 -}}
{{- if $context.privileged -}}
{{- fail (printf "%s.privileged: must not be true: a privileged container is root on its node, and reads every volume there" $at) -}}
{{- end -}}
{{- if ne (toString $context.allowPrivilegeEscalation) "false" -}}
{{- fail (printf "%s.allowPrivilegeEscalation: must be false" $at) -}}
{{- end -}}
{{- $capabilities := default dict $context.capabilities -}}
{{- if not (has "ALL" (default list $capabilities.drop)) -}}
{{- fail (printf "%s.capabilities.drop: must be [ALL]" $at) -}}
{{- end -}}
{{- range $capabilities.add -}}
{{- if ne . "NET_BIND_SERVICE" -}}
{{- fail (printf "%s.capabilities.add: %s: the vault needs no capability" $at .) -}}
{{- end -}}
{{- end -}}
{{- if not (has (default "Default" $context.procMount) (list "Default")) -}}
{{- fail (printf "%s.procMount: must stay Default: %s shows the node's own" $at $context.procMount) -}}
{{- end -}}
{{- end -}}

{{/* (list SIDECAR, as it is rendered): what else of a container reaches the node. */}}
{{- define "lethe.restricted.sidecar" -}}
{{- $sidecar := index . 0 -}}
{{- $at := printf "root.outer.kmsv2.sidecars: %s" $sidecar.name -}}
{{- include "lethe.restricted.container" (list (printf "%s.securityContext" $at) $sidecar.securityContext) -}}
{{- range $sidecar.ports -}}
{{- if .hostPort -}}
{{- fail (printf "%s.ports.hostPort: must stay unset: it opens a port of the node" $at) -}}
{{- end -}}
{{- end -}}
{{- range $name, $probe := pick $sidecar "startupProbe" "livenessProbe" "readinessProbe" -}}
{{- range $kind := list "httpGet" "tcpSocket" -}}
{{- if (default dict (get $probe $kind)).host -}}
{{- fail (printf "%s.%s.%s.host: must stay unset: the kubelet would ask another machine" $at $name $kind) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
