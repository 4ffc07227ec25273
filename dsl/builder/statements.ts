import { expectClauses, stepClauses, type ExpectClauses, type StepClauses } from './clauses.ts'
import { fence, indented, quoted, settingsText, yamlFence, type Manifest, type Settings, type Value } from './print.ts'

/** The statements of a body, one method each; every method returns what it was called on. Sentences are written as in the language. */
export interface Statements {
  apply(manifest: ManifestOrFile, clauses?: WriteClauses): this
  create(manifest: ManifestOrFile, clauses?: WriteClauses): this
  replace(manifest: ManifestOrFile, clauses?: WriteClauses): this
  patch(
    noun: string,
    patch: Manifest,
    clauses?: StepClauses & { readonly type?: 'merge' | 'strategic' | 'json'; readonly subresource?: string },
  ): this
  scale(noun: string, to: Value, clauses?: StepClauses): this
  delete(noun: string, clauses?: StepClauses & DeleteWords): this
  rollout(action: 'restart' | 'undo' | 'pause' | 'resume', noun: string, clauses?: StepClauses): this
  setImage(noun: string, images: Readonly<Record<string, string>>, clauses?: StepClauses): this
  cordon(noun: string): this
  uncordon(noun: string): this
  drain(noun: string, clauses?: StepClauses & { readonly force?: boolean }): this
  evict(noun: string, clauses?: StepClauses): this
  label(noun: string, labels: Readonly<Record<string, string | null>>, clauses?: StepClauses): this
  annotate(noun: string, annotations: Readonly<Record<string, string | null>>, clauses?: StepClauses): this
  taint(noun: string, taints: readonly string[], clauses?: StepClauses): this
  load(noun: string, resource: 'cpu' | 'memory' | 'rps', demand: Value): this
  metric(name: string, value: Value, clauses?: Pick<StepClauses, 'on'>): this
  upgrade(noun: string, to: string): this
  putManifest(name: string, node: string, manifest: Manifest): this
  removeManifest(name: string, node: string): this
  inject(fault: string, clauses?: StepClauses): this
  heal(target: string): this
  wait(time: string): this
  at(time: string): this
  settle(within?: string): this
  every(interval: string, body: Body, during?: string): this
  repeat(times: Value, body: Body): this
  each(variable: string, of: string, body: Body): this
  background(body: Body): this
  parallel(body: Body): this
  scope(body: Body): this
  on(where: 'sim' | 'live', body: Body): this
  do(steps: string, args?: Readonly<Record<string, Value>>): this
  expect(sentence: string, clauses?: ExpectClauses): this
  expectMatches(noun: string, pattern: Manifest, clauses?: ExpectClauses): this
  expectChangesSince(mark: string, delta: readonly string[]): this
  expectChangesIf(body: Body, delta: readonly string[]): this
  always(predicate: string, clauses?: ExpectClauses): this
  never(predicate: string, clauses?: ExpectClauses): this
  whenever(trigger: string, obligation: string, clauses: ExpectClauses): this
  sometimes(predicate: string): this
  let(name: string, value: string): this
  namespace(name: string): this
  user(name: string, settings?: Settings): this
  behavior(target: string, settings: Settings | string): this
  mark(name: string): this
  explain(noun: string): this
  snapshot(name: string, nouns: readonly string[]): this
  /** A statement as the language writes it. */
  statement(text: string): this
}

export type Body = (statements: Statements) => unknown
export type ManifestOrFile = Manifest | { readonly file: string }
export type WriteClauses = StepClauses & { readonly overlay?: Manifest }
export interface DeleteWords {
  readonly force?: boolean
  readonly propagation?: 'orphan' | 'foreground' | 'background'
}

const flag = (on: boolean | undefined, word: string): string => (on === true ? ` ${word}` : '')

/** Adds the methods to `self`; each pushes its statement's lines. */
export const addStatements = <T extends object>(self: T, lines: string[]): T & Statements => {
  const add = (text: string): T & Statements => {
    lines.push(text)
    return built
  }
  const block = (body: Body): string => {
    const inner: string[] = []
    body(addStatements({}, inner))
    return inner.length === 0 ? '{ }' : `{\n${indented(inner).join('\n')}\n}`
  }
  const write = (verb: string, manifest: ManifestOrFile, clauses: WriteClauses = {}): T & Statements => {
    const rest = stepClauses(clauses)
    const { overlay } = clauses
    if (typeof manifest === 'object' && 'file' in manifest && typeof manifest.file === 'string') {
      const over = overlay === undefined ? '' : ` overlay ${yamlFence(overlay)}`
      return add(`${verb} ${quoted(manifest.file)}${rest}${over}`)
    }
    return add(`${verb}${rest} ${yamlFence(manifest)}`)
  }
  const pairs = (values: Readonly<Record<string, string | null>>): string =>
    Object.entries(values)
      .map(([key, value]) => (value === null ? `${key}-` : `${key}=${value}`))
      .join(' ')
  const own: Omit<Statements, never> = {
    apply: (manifest, clauses) => write('apply', manifest, clauses),
    create: (manifest, clauses) => write('create', manifest, clauses),
    replace: (manifest, clauses) => write('replace', manifest, clauses),
    patch: (noun, patch, clauses = {}) =>
      add(
        `patch ${[noun, clauses.subresource, clauses.type].filter((one) => one !== undefined).join(' ')}${stepClauses(clauses)} ${yamlFence(patch)}`,
      ),
    scale: (noun, to, clauses) => add(`scale ${noun}${stepClauses({ ...clauses, to })}`),
    delete: (noun, clauses = {}) =>
      add(
        `delete ${noun}${flag(clauses.force, 'force')}${clauses.propagation === undefined ? '' : ` ${clauses.propagation}`}${stepClauses(clauses)}`,
      ),
    rollout: (action, noun, clauses) => add(`rollout ${action} ${noun}${stepClauses(clauses)}`),
    setImage: (noun, images, clauses) => add(`set-image ${noun} ${pairs(images)}${stepClauses(clauses)}`),
    cordon: (noun) => add(`cordon ${noun}`),
    uncordon: (noun) => add(`uncordon ${noun}`),
    drain: (noun, clauses = {}) => add(`drain ${noun}${flag(clauses.force, 'force')}${stepClauses(clauses)}`),
    evict: (noun, clauses) => add(`evict ${noun}${stepClauses(clauses)}`),
    label: (noun, labels, clauses) => add(`label ${noun} ${pairs(labels)}${stepClauses(clauses)}`),
    annotate: (noun, values, clauses) => add(`annotate ${noun} ${pairs(values)}${stepClauses(clauses)}`),
    taint: (noun, taints, clauses) => add(`taint ${noun} ${taints.join(' ')}${stepClauses(clauses)}`),
    load: (noun, resource, demand) => add(`load ${noun} ${resource} ${String(demand)}`),
    metric: (name, value, clauses) => add(`metric ${name} ${String(value)}${stepClauses(clauses)}`),
    putManifest: (name, node, manifest) => add(`put manifest ${name} on ${node} ${yamlFence(manifest)}`),
    removeManifest: (name, node) => add(`remove manifest ${name} on ${node}`),
    upgrade: (noun, to) => add(`upgrade ${noun} to ${to}`),
    inject: (fault, clauses) => add(`inject ${fault}${stepClauses(clauses)}`),
    heal: (target) => add(`heal ${target}`),
    wait: (time) => add(`wait ${time}`),
    at: (time) => add(`at ${time}`),
    settle: (within) => add(`settle${within === undefined ? '' : ` within ${within}`}`),
    every: (interval, body, during) =>
      add(`every ${interval}${during === undefined ? '' : ` for ${during}`} ${block(body)}`),
    repeat: (times, body) => add(`repeat ${String(times)} ${block(body)}`),
    each: (variable, of, body) => add(`each ${variable} in ${of} ${block(body)}`),
    background: (body) => add(`background ${block(body)}`),
    parallel: (body) => add(`parallel ${block(body)}`),
    scope: (body) => add(`do ${block(body)}`),
    on: (where, body) => add(`on ${where} ${block(body)}`),
    do: (steps, args = {}) => {
      const given = Object.entries(args).map(([name, value]) => `${name}: ${String(value)}`)
      return add(`do ${steps}${given.length === 0 ? '' : `(${given.join(', ')})`}`)
    },
    expect: (sentence, clauses) => add(`expect ${sentence}${expectClauses(clauses)}`),
    expectMatches: (noun, pattern, clauses) =>
      add(`expect ${noun}${expectClauses(clauses)} matches ${yamlFence(pattern)}`),
    expectChangesSince: (mark, delta) => add(`expect changes since ${mark} are ${fence('delta', delta.join('\n'))}`),
    expectChangesIf: (body, delta) => add(`expect changes if ${block(body)} are ${fence('delta', delta.join('\n'))}`),
    always: (predicate, clauses) => add(`always ${predicate}${expectClauses(clauses)}`),
    never: (predicate, clauses) => add(`never ${predicate}${expectClauses(clauses)}`),
    whenever: (trigger, obligation, clauses) => add(`whenever ${trigger} then ${obligation}${expectClauses(clauses)}`),
    sometimes: (predicate) => add(`sometimes ${predicate}`),
    let: (name, value) => add(`let ${name} = ${value}`),
    namespace: (name) => add(`namespace ${name}`),
    user: (name, settings) => add(`user ${name}${settings === undefined ? '' : ` ${settingsText(settings)}`}`),
    behavior: (target, settings) =>
      add(`behavior ${target} ${typeof settings === 'string' ? settings : settingsText(settings)}`),
    mark: (name) => add(`mark ${name}`),
    explain: (noun) => add(`explain ${noun}`),
    snapshot: (name, nouns) => add(`snapshot ${quoted(name)} of ${nouns.join(', ')}`),
    statement: (text) => add(text),
  }
  const built = Object.assign(self, own) as T & Statements
  return built
}
