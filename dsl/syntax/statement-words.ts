/** The words that begin a statement in a body (3.4). */
export const statementWords: ReadonlySet<string> = new Set([
  'wait', 'at', 'settle', 'every', 'repeat', 'each', 'do', 'background', 'parallel', 'on',
  'expect', 'always', 'never', 'whenever', 'sometimes', 'forall', 'explore', 'example', 'cases', 'matrix',
  'let', 'user', 'cluster', 'behavior', 'namespace', 'mark', 'explain', 'snapshot', 'inject', 'heal',
  'apply', 'create', 'replace', 'patch', 'scale', 'delete', 'rollout', 'set-image', 'cordon', 'uncordon',
  'drain', 'evict', 'label', 'annotate', 'taint', 'load', 'metric', 'upgrade',
  'put', 'remove',
]) // prettier-ignore

/** The words that begin a declaration of a file. */
export const declarationWords: ReadonlySet<string> = new Set([
  'import', 'let', 'user', 'cluster', 'behavior', 'invariant', 'steps', 'scenario', 'property',
]) // prettier-ignore
