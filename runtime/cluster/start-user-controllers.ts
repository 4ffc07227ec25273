import type { Scheme } from '../../api/scheme/scheme.ts'
import type { Credentials } from '../../api/protocol/request.ts'
import type { ControllerSpec } from '../../dsl/plan/cluster-spec.ts'
import type { Component, StopMode } from '../kernel/component.ts'
import { createInformers, type Informers } from '../client/informers.ts'
import { createControllerManager, type ControllerManager } from '../reconcile/controller-manager.ts'
import type { Controller } from '../reconcile/controller.ts'
import { createUserConduct, type UserConduct } from '../reconcile/user-conduct.ts'
import { createUserController, definitionTrouble } from '../reconcile/user-controller.ts'
import { faultOf, type UserProgram } from '../reconcile/user-program.ts'
import { watchUserFeuds } from '../reconcile/user-feuds.ts'
import type { Complaint } from '../record/complaint.ts'
import { startElected } from './elected.ts'
import { createProcess } from './create-process.ts'
import type { World } from './world.ts'

const definitionsKind = 'apiextensions.k8s.io/v1/CustomResourceDefinition'

const kindsOf = (controller: Controller): readonly string[] => [
  controller.reconciles,
  ...(controller.owns ?? []),
  ...(controller.reads ?? []),
  ...Object.keys(controller.watches ?? {}),
]

export interface UserControllers {
  /** Starts their processes, in the order of the cluster block. */
  start(): void
  /** Runs what may run their code; false: some of it never came back, and its process was stopped. Undefined: there are none. */
  readonly guard: ((run: () => void) => boolean) | undefined
}

interface Replica {
  readonly name: string
  readonly spec: ControllerSpec
  readonly program: () => UserProgram
  /** How those that run now are judged, by the name of the controller. */
  readonly conducts: Map<string, UserConduct>
}

const credentialsOf = ({ name, as }: ControllerSpec): Credentials =>
  as === undefined
    ? { kind: 'certificate', commonName: `controller/${name}`, organizations: ['system:masters'] }
    : { kind: 'serviceaccount', namespace: as.namespace, name: as.name }

/** The work of one replica; `ends` are the names under which faults meet it. */
const workOf = (world: World, { name, spec, program, conducts }: Replica, ends: readonly string[]): Component => {
  const { kernel, timeline: trace } = world
  const actor = kernel.actor(name)
  const scheme = (): Scheme => world.servers[0]!.server.scheme()
  const credentials = credentialsOf(spec)
  let manager: ControllerManager | undefined
  let definitions: Informers | undefined

  const complain = (complaint: Complaint): void => {
    trace.append('truth', actor, 'complain', `complaints/${name}`, Object.freeze(complaint))
  }
  const notStarted = (why: string, ...help: readonly string[]): undefined => {
    complain({ message: `${name} does not start: ${why}`, help })
    return undefined
  }

  /** A new process of it: its module evaluated anew. */
  const evaluated = (): Controller | undefined => {
    const conduct = createUserConduct({
      name,
      now: () => kernel.now,
      complain,
      halt: () => void kernel.at(kernel.now, actor, () => world.processes.get(name)?.stop('crash')),
    })
    conducts.set(spec.name, conduct)
    try {
      const { definitions: found } = program().start({
        name: spec.name,
        wall: () => kernel.epoch + kernel.now,
        choose: (label, n) => kernel.choose(`${spec.name}/${label}`, n),
        log: (level, text) =>
          void trace.append('hop', kernel.actor(spec.name), `log:${level}`, `components/${name}`, text),
      })
      const definition = found.find((one) => one.name === spec.name)
      if (definition === undefined) {
        const names = found.map((one) => one.name)
        return notStarted(
          `${spec.file} exports nothing whose \`name\` is "${spec.name}"`,
          names.length === 0
            ? `export const mine: Controller = { name: '${spec.name}', … }`
            : `it exports: ${names.join(', ')}`,
        )
      }
      const trouble = definitionTrouble(definition)
      if (trouble !== undefined) return notStarted(`${spec.file}: ${trouble}`)
      return createUserController(definition, conduct)
    } catch (error) {
      const place = faultOf(error)?.place
      const message = error instanceof Error ? error.message : String(error)
      return notStarted(place === undefined ? message : `${message} (${place})`)
    }
  }

  const run = (controller: Controller): void => {
    manager = createControllerManager({
      kernel,
      trace,
      transport: () => world.connect(actor, ends),
      name,
      controllers: [controller],
      heartbeats: world.heartbeats,
      scheme,
      options: { userAgent: spec.name, credentials, credentialsOf: () => credentials },
    })
    manager.start()
  }

  /** A process that starts before its kinds are served begins once they are, as controller-runtime's sources do. */
  const runOnceServed = (controller: Controller): void => {
    const missing = (): boolean => kindsOf(controller).some((kind) => scheme().byKind(kind) === undefined)
    if (!missing()) {
      run(controller)
      return
    }
    const transport = world.connect(actor, ends)
    const informers = createInformers({ kernel, actor, transport, credentials, userAgent: spec.name, scheme })
    definitions = {
      ...informers,
      stop() {
        informers.stop()
        transport.close()
      },
    }
    informers.informer(definitionsKind).addHandler(() => {
      if (definitions === undefined || missing()) return
      definitions.stop()
      definitions = undefined
      run(controller)
    })
    informers.start()
  }

  return {
    name,
    start() {
      const controller = evaluated()
      if (controller !== undefined) runOnceServed(controller)
    },
    stop(how: StopMode) {
      definitions?.stop()
      definitions = undefined
      manager?.stop(how)
      manager = undefined
    },
  }
}

/** The controllers that the scenario brings: each a process of its own. */
export const startUserControllers = (world: World): UserControllers => {
  const { programs, spec } = world
  const conducts = new Map<string, UserConduct>()
  const begun = new Set<string>()
  return {
    start() {
      if (spec.controllers.length > 0)
        watchUserFeuds({
          timeline: world.timeline,
          names: new Set(spec.controllers.map((one) => one.name)),
          complain(name, complaint) {
            const actor = world.kernel.actor(`controller/${name}`)
            const subject = `complaints/controller/${name}`
            // Not in the middle of telling an entry: whoever listens hears entries one after the other.
            world.kernel.at(world.kernel.now, actor, () => {
              world.timeline.append('truth', actor, 'complain', subject, Object.freeze(complaint))
            })
          },
        })
      for (const one of spec.controllers) {
        const name = `controller/${one.name}`
        if (begun.has(name)) continue
        begun.add(name)
        if (world.processes.has(name) || world.leaders.has(name)) {
          const actor = world.kernel.actor(`${name} of the scenario`)
          const message = `${name} does not start: a controller of Kubernetes has that name`
          const complaint: Complaint = {
            message,
            help: ['the actor, the user agent and the faults of both would be one'],
          }
          world.timeline.append('truth', actor, 'complain', `complaints/${name}`, Object.freeze(complaint))
          continue
        }
        const program = (): UserProgram => {
          if (programs === undefined) throw new Error('controllers in TypeScript cannot be run from here')
          return programs.load(one.file)
        }
        if (one.replicas > 1)
          startElected(world, {
            name,
            replica: (index) => `${name}-${index}`,
            replicas: one.replicas,
            lease: one.name,
            eventSource: one.name,
            credentials: credentialsOf(one),
            flags: {},
            releases: false,
            work: (ends, index) => workOf(world, { name: `${name}-${index}`, spec: one, conducts, program }, ends),
          })
        else {
          const component = workOf(world, { name, spec: one, conducts, program }, [name])
          const { kernel, timeline: trace } = world
          world.processes.set(name, createProcess({ kernel, trace, name, component, actor: kernel.actor(name) }))
        }
      }
    },
    guard:
      programs === undefined || spec.controllers.length === 0
        ? undefined
        : (run) => {
            const hung = programs.guard(run)
            if (hung === undefined) return true
            conducts.get(hung.stuck)?.stuck()
            return false
          },
  }
}
