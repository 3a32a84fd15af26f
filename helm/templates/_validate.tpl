{{/* Rules of validate.yaml, one template a part of the values. Each fails with a sentence. */}}

{{/* One claim for two of them would lay the root key beside what it opens, or lose both at once.
(Server-side apply, Helm 4, refuses duplicate names only at install.) */}}
{{- define "lethe.validate.volumes" -}}
{{- $root := . -}}
{{- $full := include "lethe.fullname" . -}}
{{- $claims := dict -}}
{{- $volumes := include "lethe.volumes" . | fromYaml -}}
{{- range $name := include "lethe.volumeNames" . | fromJsonArray -}}
{{- $claim := default (printf "%s-%s-0" $name $full) (get $volumes $name).existingClaim -}}
{{- with get $claims $claim -}}
{{- fail (printf "existingClaim: %s and %s have the same claim %q: each of data, holders and archive needs a volume of its own, or the root key lies beside what it opens" . $name $claim) -}}
{{- end -}}
{{- $_ := set $claims $claim $name -}}
{{- end -}}
{{- $taken := concat (include "lethe.volumeNames" . | fromJsonArray) (list "tmp" "config" "tls" "tls-crl" "kms-sockets" "holder-pin" "holder-2-pin" "holder-3-pin") -}}
{{- $extra := list -}}
{{- range .Values.extraVolumes -}}
{{- if has .name $taken }}{{ fail (printf "extraVolumes: the name %q is taken" .name) }}{{ end -}}
{{- $taken = append $taken .name -}}
{{- $extra = append $extra .name -}}
{{- range $kind := keys (omit . "name") | sortAlpha -}}
{{- if not (has $kind (list "configMap" "csi" "downwardAPI" "emptyDir" "ephemeral" "persistentVolumeClaim" "projected" "secret")) -}}
{{- fail (printf "extraVolumes: %s: the restricted pod security standard forbids such a volume" $kind) -}}
{{- end -}}
{{- end -}}
{{- $claim := (default dict .persistentVolumeClaim).claimName -}}
{{- with get $claims (default "" $claim) -}}
{{- fail (printf "extraVolumes: %q is the claim of %s: nothing else may mount it" $claim .) -}}
{{- end -}}
{{- end -}}
{{- $paths := list -}}
{{- range .Values.extraVolumeMounts -}}
{{- if not (has .name $extra) }}{{ fail (printf "extraVolumeMounts: %q is none of extraVolumes" .name) }}{{ end -}}
{{- $path := clean .mountPath -}}
{{- if has $path $paths }}{{ fail (printf "extraVolumeMounts: %s stands there twice" $path) }}{{ end -}}
{{- $paths = append $paths $path -}}
{{- range concat (include "lethe.volumeNames" $root | fromJsonArray) (list "tmp" "tls" "pins" "etc/lethe" "run/kms" "usr/bin") -}}
{{- if or (eq $path "/") (hasPrefix (printf "/%s/" .) (printf "%s/" $path)) (hasPrefix (printf "%s/" $path) (printf "/%s/" .)) -}}
{{- fail (printf "extraVolumeMounts: %s would cover /%s, which the chart mounts or the image brings" $path .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "lethe.validate.holders" -}}
{{- range $i, $holder := .Values.root.holders -}}
{{- if and (eq .type "file") .token }}{{ fail (printf "root.holders[%d]: a holder of type file has no token: say type: pkcs11" $i) }}{{ end -}}
{{- if and (eq .type "pkcs11") (not .token) }}{{ fail (printf "root.holders[%d]: a holder of type pkcs11 needs its token: {module, label, pin: {secret, key}}" $i) }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "lethe.validate.config" -}}
{{- $config := .Values.config -}}
{{- if eq (int .Values.health.port) 8443 }}{{ fail "health.port: 8443 is the port of the vault itself" }}{{ end -}}
{{- range list "data_dir" "listen" "health_listen" "tls" "tenants" "root" "port_file" -}}
{{- if hasKey $config . }}{{ fail (printf "config: %s is written by the chart itself" .) }}{{ end -}}
{{- end -}}
{{- if hasKey $config "insecure_loopback_dev" }}{{ fail "config: insecure_loopback_dev: there is no plaintext mode in a cluster" }}{{ end -}}
{{- $drain := int (default 10 $config.drain_seconds) -}}
{{- if lt (int .Values.terminationGracePeriodSeconds) (add $drain 10) -}}
{{- fail (printf "terminationGracePeriodSeconds: %d is too short: calls may take %d s to drain (config.drain_seconds), and the flush behind them needs 10 more, or Kubernetes kills the vault in it" (int .Values.terminationGracePeriodSeconds) $drain) -}}
{{- end -}}
{{- end -}}

{{/* lethed takes every setting from its environment too, over the file: the chart's ports, folders and
certificates would not be where its probes and mounts are. */}}
{{- define "lethe.validate.environment" -}}
{{- $names := list -}}
{{- range .Values.extraEnv -}}
{{- if has .name $names }}{{ fail (printf "extraEnv: %q stands there twice" .name) }}{{ end -}}
{{- $names = append $names .name -}}
{{- if hasPrefix "LETHED_" .name }}{{ fail (printf "extraEnv: %s would override the chart's configuration: put it into config" .name) }}{{ end -}}
{{- if eq .name "GLIBC_TUNABLES" }}{{ fail "extraEnv: GLIBC_TUNABLES is the image's own: by it freed memory is overwritten at once" }}{{ end -}}
{{- if has .name (list "LD_PRELOAD" "LD_AUDIT") }}{{ fail (printf "extraEnv: %s would put foreign code into the process that holds the keys" .name) }}{{ end -}}
{{- if hasPrefix "GRPC_" .name }}{{ fail (printf "extraEnv: %s: gRPC's own switches can write what callers send into the log" .name) }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "lethe.validate.keyServices" -}}
{{- $root := . -}}
{{- $kms := .Values.root.outer.kmsv2 -}}
{{- if and $kms.sidecars (not $kms.providers) }}{{ fail "root.outer.kmsv2: sidecars without providers: nothing would ask them" }}{{ end -}}
{{- $names := list -}}
{{- $endpoints := list -}}
{{- range $kms.providers -}}
{{- if has .name $names }}{{ fail (printf "root.outer.kmsv2.providers: %q stands there twice" .name) }}{{ end -}}
{{- if has .endpoint $endpoints }}{{ fail (printf "root.outer.kmsv2.providers: %q has the endpoint of another" .name) }}{{ end -}}
{{- $names = append $names .name -}}
{{- $endpoints = append $endpoints .endpoint -}}
{{- end -}}
{{- $containers := list "init" "lethed" -}}
{{- range $kms.sidecars -}}
{{- if has .name $containers }}{{ fail (printf "root.outer.kmsv2.sidecars: the name %q is taken" .name) }}{{ end -}}
{{- $containers = append $containers .name -}}
{{- if hasKey (default dict .securityContext) "runAsUser" }}{{ fail (printf "root.outer.kmsv2.sidecars: %q must run as the vault's user, or the vault cannot open its socket" .name) }}{{ end -}}
{{- $sidecar := .name -}}
{{- range .volumeMounts -}}
{{- if or (has .name (include "lethe.volumeNames" $root | fromJsonArray)) (hasSuffix "-pin" .name) (eq .name "tls") -}}
{{- fail (printf "root.outer.kmsv2.sidecars: %q must not see the vault's volume %q" $sidecar .name) -}}
{{- end -}}
{{- end -}}
{{- include "lethe.restricted.sidecar" (list (include "lethe.sidecar" (list $root .) | fromYaml)) -}}
{{- end -}}
{{- end -}}
