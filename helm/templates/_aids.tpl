{{/* 43 characters leave room for "-headless" in a StatefulSet's pod label (63 in all). */}}
{{- define "lethe.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 43 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 43 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 43 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Name and instance only: a selector or claim template can never change after the first install. */}}
{{- define "lethe.selectorLabels" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "lethe.labels" -}}
{{ include "lethe.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "lethe.image" -}}
{{- $name := .Values.image.repository -}}
{{- with .Values.image.registry }}{{ $name = printf "%s/%s" . $name }}{{ end -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $name .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "lethe.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "lethe.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "lethe.tlsSecret" -}}
{{- default (printf "%s-tls" (include "lethe.fullname" .)) .Values.tls.existingSecret -}}
{{- end -}}

{{/* The three volumes by name, as one map: data, holder, archive. */}}
{{- define "lethe.volumes" -}}
data: {{ pick .Values.persistence "size" "storageClass" "accessMode" "existingClaim" | toJson }}
holder: {{ (first .Values.root.holders).volume | toJson }}
archive: {{ .Values.root.archive.volume | toJson }}
{{- end -}}

{{/* Paths lie one folder below each mount: a fresh volume may hold lost+found. */}}
{{- define "lethe.mounts" -}}
- {name: data, mountPath: /data}
- {name: holder, mountPath: /holder}
- {name: archive, mountPath: /archive}
- {name: tmp, mountPath: /tmp}
{{- end -}}

{{- define "lethe.socketsMount" -}}
{name: kms-sockets, mountPath: /run/kms}
{{- end -}}

{{/* A KMS v2 plugin as a native sidecar: started before the vault, ended after it. */}}
{{- define "lethe.sidecar" -}}
{{- $root := index . 0 -}}
{{- $sidecar := deepCopy (index . 1) -}}
{{- $socket := include "lethe.socketsMount" $root | fromYaml -}}
{{- $_ := set $sidecar "restartPolicy" "Always" -}}
{{- $_ := set $sidecar "volumeMounts" (append (default list $sidecar.volumeMounts) $socket) -}}
{{- if not (hasKey $sidecar "securityContext") -}}
{{- $_ := set $sidecar "securityContext" $root.Values.containerSecurityContext -}}
{{- end -}}
{{- toYaml $sidecar -}}
{{- end -}}
