import type { Plan } from '../../dsl/plan/plan.ts'

/** A plan as text without what the layout of its source decides: places, and statements as written. */
export const planShape = (plan: Plan): string =>
  JSON.stringify(plan, (key, value: unknown) => {
    if (key === 'span' || key.endsWith('Span')) return undefined
    if (key === 'operations')
      return (value as readonly { readonly text: string }[]).map((operation) => ({ ...operation, text: '' }))
    return value
  })
