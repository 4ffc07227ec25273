import type { Hole, Template } from '../plan/document.ts'

/** An interpolated scalar of a YAML document. */
export const isHole = (template: Template): template is Hole =>
  typeof template === 'object' && template !== null && !Array.isArray(template) && '$hole' in template
