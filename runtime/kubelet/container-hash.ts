import type { Container } from '../../api/types/core-v1.generated.ts'

/** kubecontainer.HashContainer: a container whose name or image changed is another one. Differs: the text itself, not its FNV sum. */
export const containerHash = (container: Container): string => `${container.name}\u0000${container.image ?? ''}`
