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

{{/* Every holder under the name of its volume, in order: holder, holder-2, holder-3. */}}
{{- define "lethe.holders" -}}
{{- include "lethe.validate.holders" . -}}
{{- $holders := list -}}
{{- range $i, $holder := .Values.root.holders -}}
{{- $name := ternary "holder" (printf "holder-%d" (add1 $i)) (eq $i 0) -}}
{{- $holders = append $holders (merge (dict "name" $name) $holder) -}}
{{- end -}}
{{- $holders | toJson -}}
{{- end -}}

{{/* The vault's volumes by name, as one map: data, holder (and its siblings), archive. */}}
{{- define "lethe.volumes" -}}
data: {{ pick .Values.persistence "size" "storageClass" "accessMode" "existingClaim" | toJson }}
{{- range include "lethe.holders" . | fromJsonArray }}
{{ .name }}: {{ .volume | toJson }}
{{- end }}
archive: {{ .Values.root.archive.volume | toJson }}
{{- end -}}

{{/* Their names in the order of the mounts; the claims a StatefulSet was made with never change theirs. */}}
{{- define "lethe.volumeNames" -}}
{{- $names := list "data" -}}
{{- range include "lethe.holders" . | fromJsonArray }}{{ $names = append $names .name }}{{ end -}}
{{- append $names "archive" | toJson -}}
{{- end -}}

{{/* Paths lie one folder below each mount: a fresh volume may hold lost+found. */}}
{{- define "lethe.mounts" -}}
{{- range include "lethe.volumeNames" . | fromJsonArray }}
- {name: {{ . }}, mountPath: /{{ . }}}
{{- end }}
- {name: tmp, mountPath: /tmp}
{{- range include "lethe.holders" . | fromJsonArray }}
{{- if eq .type "pkcs11" }}
- {name: {{ .name }}-pin, mountPath: /pins/{{ .name }}, readOnly: true}
{{- end }}
{{- end }}
{{- end -}}

{{/* A holder as lethe init is told it. */}}
{{- define "lethe.holderOption" -}}
{{- if eq .type "pkcs11" -}}
{{- printf "pkcs11:module=%s;token=%s;pin-file=/pins/%s/%s;slots=/%s/root.slots" .token.module .token.label .name (default "pin" .token.pin.key) .name -}}
{{- else -}}
{{- printf "/%s/root.slots" .name -}}
{{- end -}}
{{- end -}}

{{- define "lethe.hasToken" -}}
{{- range .Values.root.holders }}{{ if eq .type "pkcs11" }}true{{ end }}{{ end -}}
{{- end -}}

{{- define "lethe.socketsMount" -}}
{name: kms-sockets, mountPath: /run/kms}
{{- end -}}

{{/* A KMS v2 plugin as a native sidecar: started before the vault, ended after it. What its own
securityContext does not say is the vault's. */}}
{{- define "lethe.sidecar" -}}
{{- $root := index . 0 -}}
{{- $sidecar := deepCopy (index . 1) -}}
{{- $socket := include "lethe.socketsMount" $root | fromYaml -}}
{{- $_ := set $sidecar "restartPolicy" "Always" -}}
{{- $_ := set $sidecar "volumeMounts" (append (default list $sidecar.volumeMounts) $socket) -}}
{{- $context := deepCopy $root.Values.containerSecurityContext -}}
{{- $_ := set $sidecar "securityContext" (mergeOverwrite $context (default dict $sidecar.securityContext)) -}}
{{- toYaml $sidecar -}}
{{- end -}}
