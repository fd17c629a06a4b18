{{- define "cms.fullname" -}}
{{- .Release.Name -}}
{{- end -}}

{{- define "cms.labels" -}}
{{ include "cms.selectorLabels" . }}
app.kubernetes.io/part-of: marketing-stack
{{- end -}}

{{- define "cms.selectorLabels" -}}
app.kubernetes.io/name: cms
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "cms.serviceAccountName" -}}
{{- include "cms.fullname" . -}}
{{- end -}}
