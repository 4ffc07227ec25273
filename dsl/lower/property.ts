import { didYouMean } from '../diagnostics/did-you-mean.ts'
import { refuse } from '../checks/unsupported.ts'
import { innerScope } from '../names/scope.ts'
import type { ExampleInputs, Input, PropertyPlan, Variation } from '../plan/property.ts'
import type * as ast from '../syntax/ast.ts'
import { withScope, type Env } from './env.ts'
import { generatorInfo, lowerGenerator } from './generator.ts'
import { lowerExampleInput } from './example-input.ts'
import { lowerItems } from './statement.ts'

const variations: readonly Variation[] = ['interleaving', 'latency', 'faults']
const defaultRuns = 100

/** What a scenario says about its exploration; its inputs become names of the body. undefined: it is no property. */
export const lowerProperty = (scenario: ast.Scenario, env: Env): PropertyPlan | undefined => {
  const said = scenario.body.items.filter((one) => one.type === 'explore')
  for (const one of said) refuse(one.kind, one.span, env.reporter)
  if (!scenario.property) {
    const first = said[0]
    if (first !== undefined)
      env.reporter.report('K117', first.span, `\`${first.kind}\` belongs into a property`, {
        help: 'write `property "…" { }` instead of `scenario "…" { }`',
      })
    return undefined
  }
  if (said.length === 0)
    env.reporter.report('K117', scenario.title.span, 'a property explores nothing', {
      help: 'give it a `forall x in …` or an `explore N runs`, or call it a scenario',
    })
  reportLate(scenario.body, env)
  const inputs: Input[] = []
  let explore: ast.ExploreRuns | undefined
  for (const one of said) {
    if (one.kind === 'forall') {
      const input = lowerForall(one, env)
      if (input !== undefined) inputs.push(input)
    } else if (one.kind === 'explore') {
      if (explore !== undefined)
        env.reporter.report('K112', one.span, '`explore` stands twice in one property', {
          labels: [{ span: explore.span, text: 'first here' }],
        })
      explore ??= one
    }
  }
  return {
    inputs,
    runs: explore === undefined ? defaultRuns : explore.runs.value,
    varying: explore === undefined ? [] : lowerVarying(explore, env),
    examples: said.filter((one) => one.kind === 'example').map((one) => lowerExample(one, inputs, env)),
  }
}

/** Inputs are bound before anything happens, so they are written before it. */
const reportLate = (body: ast.Body, env: Env): void => {
  let acted = false
  for (const one of body.items) {
    if (one.type === 'explore') {
      if (acted && one.kind === 'forall')
        env.reporter.report('K117', one.span, '`forall` stands before everything that happens', {
          help: 'move it to the top of the property',
        })
    } else if (!['let', 'cluster', 'matrix', 'cases', 'behavior', 'user', 'bad'].includes(one.type)) acted = true
  }
}

const lowerForall = (node: ast.Forall, env: Env): Input | undefined => {
  const before = env.scope.names.get(node.name.name)
  if (before !== undefined)
    env.reporter.report('K112', node.name.span, `\`forall ${node.name.name}\` stands twice in one scope`, {
      labels: [{ span: before.span, text: 'first here' }],
    })
  const generator = lowerGenerator(node, env)
  const info = generatorInfo(generator)
  if (node.plan !== null) env.scenario.plans.add(node.name.name)
  env.scope.names.set(node.name.name, { kind: 'value', info, span: node.name.span })
  return generator === undefined ? undefined : { name: node.name.name, generator, span: node.span }
}

const lowerVarying = (node: ast.ExploreRuns, env: Env): readonly Variation[] =>
  node.varying.flatMap((one): Variation[] => {
    const found = variations.find((word) => word === one.name)
    if (found === undefined)
      env.reporter.report('K134', one.span, `\`${one.name}\` is not one of ${variations.join(', ')}`, {
        help: didYouMean(one.name, variations),
      })
    return found === undefined ? [] : [found]
  })

const lowerExample = (node: ast.Example, inputs: readonly Input[], env: Env): ExampleInputs => {
  const out: Record<string, ReturnType<typeof lowerExampleInput> & object> = {}
  for (const arg of node.args) {
    const name = arg.name?.name
    const input = inputs.find((one) => one.name === name)
    if (name === undefined || input === undefined) {
      const names = inputs.map((one) => one.name)
      env.reporter.report(
        name === undefined ? 'K117' : 'K105',
        arg.name?.span ?? arg.span,
        name === undefined ? 'an example gives values by name' : `no \`forall ${name}\` stands in this property`,
        { help: (name === undefined ? undefined : didYouMean(name, names)) ?? `inputs: ${names.join(', ')}` },
      )
      continue
    }
    if (Object.hasOwn(out, name)) env.reporter.report('K112', arg.span, `\`${name}\` is given twice`)
    const value = lowerExampleInput(arg.value, input.generator, env)
    if (value !== undefined) out[name] = value
  }
  return { inputs: out, span: node.span }
}

/** The statements of a plan: whatever it draws of them runs in a scope of its own. */
export const lowerAlternatives = (body: ast.Body, env: Env): ReturnType<typeof lowerItems> =>
  lowerItems(body.items, {
    ...withScope(env, innerScope(env.scope)),
    scenario: { ...env.scenario, inPlan: true },
  })
