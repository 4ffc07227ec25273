import type { KubeObject } from '../../../api/object.ts'
import type { Pod } from '../../../api/types/core-v1.generated.ts'
import { laneStatus } from '../../lane-status.ts'
import { visibleText } from '../../visible-text.ts'
import { toneOf } from '../tone-of.ts'
import { element } from './element.ts'
import type { OpenRun } from './open-run.ts'
import type { Go, Panel } from './panel.ts'
import { printTime } from '../../print-time.ts'

interface Standing {
  readonly subject: string
  readonly object: KubeObject
}

const standing = (run: OpenRun, resource: string, entries: number): readonly Standing[] =>
  run.histories.of(resource).flatMap((subject) => {
    const object = run.histories.before(subject, entries)?.object
    return object === undefined ? [] : [{ subject, object }]
  })

interface ChipPlace {
  readonly run: OpenRun
  readonly go: Go
  /** Subject of the object that is open. */
  readonly open: string
}

const chip = ({ subject, object }: Standing, resource: string, { run, go, open }: ChipPlace): HTMLElement => {
  const status = visibleText(laneStatus(resource, object))
  const name = run.nouns(subject).replace(/^[^/]*\//, '')
  return element(
    'button',
    {
      type: 'button',
      class: `chip tone-${toneOf(status)}`,
      title: `${run.nouns(subject)}: ${status}`,
      'data-subject': subject,
      'aria-pressed': subject === open ? 'true' : 'false',
      onclick: () => go({ object: subject, from: -1, to: -1 }),
    },
    element('span', { class: 'name' }, name),
    element('span', { class: 'status' }, status),
  )
}

/** Components and machines that are down at an instant. */
const downAt = (run: OpenRun, at: number): readonly string[] =>
  run.lanes
    .filter(
      (lane) =>
        lane.group === 'component' &&
        lane.segments().some((one) => one.tone === 'bad' && one.from <= at && at < one.to),
    )
    .map((lane) => lane.name)

/** The whole cluster at the instant: what is down, the nodes with their pods, the pods without a node, the workloads. */
export const createClusterView = (go: Go): Panel => {
  const root = element('section', { 'aria-label': 'Cluster' })
  let drawn = ''
  let shown: OpenRun | undefined
  return {
    root,
    update({ at, object: open }, run) {
      const entries = run.instants.entriesAt(at)
      const state = `${entries} ${at} ${open}`
      if (shown === run && drawn === state) return
      ;[shown, drawn] = [run, state]
      const focused = root.contains(document.activeElement)
        ? (document.activeElement as HTMLElement).dataset['subject']
        : undefined
      const pods = new Map<string, Standing[]>()
      for (const one of standing(run, 'pods', entries)) {
        const node = (one.object as Pod).spec?.nodeName ?? ''
        const known = pods.get(node)
        if (known === undefined) pods.set(node, [one])
        else known.push(one)
      }
      const chips = (some: readonly Standing[], resource: string): readonly HTMLElement[] =>
        some.map((one) => chip(one, resource, { run, go, open }))
      const nodes = standing(run, 'nodes', entries).map((node) => {
        const here = pods.get(node.object.metadata.name) ?? []
        pods.delete(node.object.metadata.name)
        return element(
          'div',
          { class: 'node' },
          chip(node, 'nodes', { run, go, open }),
          element('p', { class: 'faint' }, here.length === 1 ? '1 pod' : `${here.length} pods`),
          element('div', { class: 'chips' }, ...chips(here, 'pods')),
        )
      })
      const homeless = [...pods.values()].flat()
      const workloads = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'jobs.batch'].flatMap((resource) =>
        chips(standing(run, resource, entries), resource),
      )
      const down = downAt(run, at)
      const faults = run.bands.filter((band) => band.from <= at && at < band.to)
      root.replaceChildren(
        element('h3', {}, `Cluster at ${printTime(at)}`),
        ...(faults.length === 0
          ? []
          : [element('p', { class: 'alert' }, `Faults at work: ${faults.map((one) => one.text).join(', ')}`)]),
        ...(down.length === 0 ? [] : [element('p', { class: 'alert' }, `Down: ${down.join(', ')}`)]),
        ...(nodes.length === 0
          ? [element('p', { class: 'faint' }, 'No node is there.')]
          : [element('div', { class: 'nodes', tabindex: 0, role: 'region', 'aria-label': 'Nodes' }, ...nodes)]),
        ...(homeless.length === 0
          ? []
          : [
              element('h4', {}, 'Pods without a node'),
              element('div', { class: 'chips wide' }, ...chips(homeless, 'pods')),
            ]),
        ...(workloads.length === 0
          ? []
          : [element('h4', {}, 'Workloads'), element('div', { class: 'chips wide' }, ...workloads)]),
      )
      if (focused !== undefined) root.querySelector<HTMLElement>(`[data-subject="${CSS.escape(focused)}"]`)?.focus()
    },
  }
}
