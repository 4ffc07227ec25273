import type { AdmissionPlugin } from './plugin.ts'

/** Every admission plugin, in upstream's order (pkg/kubeapiserver/options/plugins.go). */
export const admissionPlugins: readonly AdmissionPlugin[] = []
