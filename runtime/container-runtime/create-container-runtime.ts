import { createListeners } from '../kernel/listeners.ts'
import type { Micros } from '../kernel/micros.ts'
import type { ContainerTruth } from '../record/container-truth.ts'
import type { ContainerRuntimeOptions } from './container-runtime-options.ts'
import { createImages } from './container-images.ts'
import { defaultContainerId, sandboxDigest } from './content-ids.ts'
import type { CriCall } from './cri-call.ts'
import { createUsage } from './container-usage.ts'
import { createCpuQuota } from './cpu-quota.ts'
import { errorOf, execResult, failed, gone, noNetwork } from './cri-results.ts'
import type { ContainerRuntime, ExecRequest, PodIdentity } from './cri.ts'
import { createContainerLogs } from './container-logs.ts'
import { liveContainer, type LiveContainer, type LiveSandbox, type PodEntry } from './live-container.ts'
import { mergeResources } from './merge-resources.ts'
import { cgroupFiles, runcRecord, type RuncRecord } from './runc-record.ts'
import type { ExitPlan } from './runtime-behavior.ts'

const none: readonly never[] = Object.freeze([])
const podSubject = ({ namespace, name }: PodIdentity): string => `pods/${namespace}/${name}`
/** 128 + SIGKILL. */
const killed = 137
const askReady: ExecRequest = { command: none, purpose: 'readiness', timeout: 0, network: true }

/** A simulated container runtime: it does what the behaviours say, outlives the kubelet, and loses its processes with the machine's power. */
export const createContainerRuntime = (options: ContainerRuntimeOptions): ContainerRuntime => {
  const { kernel, trace, machine, behavior, observe } = options
  const node = machine.name
  const actor = kernel.actor(`container-runtime/${node}`)
  const { engine } = options
  const scope = engine?.scope ?? ((id: string): string => `cri-containerd-${id}.scope`)
  const pods = new Map<string, PodEntry>()
  const sandboxes = new Map<string, LiveSandbox>()
  const containers = new Map<string, LiveContainer>()
  const heedsCancellation = options.heedsCancellation ?? engine?.heedsCancellation ?? true
  const { add: subscribe, tell } = createListeners<[podUid: string]>()
  let made = 0
  /** Of the machine's power and the caller's connection: a call under way ends with either. */
  let life = 0

  const entry = (uid: string): PodEntry => {
    let known = pods.get(uid)
    if (known === undefined) {
      known = { sandboxes: [], containers: [] }
      pods.set(uid, known)
    }
    return known
  }
  const call = (kind: CriCall['call'], pod: PodIdentity, more: Partial<CriCall>): void => {
    observe?.({ call: kind, podUid: pod.uid, namespace: pod.namespace, pod: pod.name, ...more })
  }
  const hop = (action: string, pod: PodIdentity, record?: RuncRecord): void => {
    kernel.cause = trace.append('hop', actor, action, podSubject(pod), record)
  }
  const quota = createCpuQuota(kernel, actor, ({ config, linux }, action) => {
    const record = Object.freeze({ container: config.name, 'cpu.max': cgroupFiles(linux)['cpu.max'] })
    kernel.cause = trace.append('hop', actor, `cgroup:${action}`, podSubject(config.pod), record)
  })
  const logs = createContainerLogs(kernel, trace, actor, node)
  const truth = (container: LiveContainer, action: string, state: ContainerTruth['state']): void => {
    const { config } = container
    const data: ContainerTruth = Object.freeze({
      state,
      podUid: config.pod.uid,
      labels: config.pod.labels,
      image: config.image,
      attempt: config.attempt,
      exitCode: container.state === 'exited' ? container.exitCode : undefined,
      reason: container.state === 'exited' ? container.reason : undefined,
    })
    kernel.cause = trace.append(
      'truth',
      actor,
      action,
      `containers/${node}/${config.pod.namespace}/${config.pod.name}/${config.name}`,
      data,
    )
  }
  /** Time passes before the answer; what takes none is answered at once. A loss of power leaves the call without answer. */
  const later = (takes: Micros, label: string, run: () => void): void => {
    if (takes <= 0) {
      run()
      return
    }
    const mine = life
    kernel.after(takes, actor, () => (mine === life ? run() : undefined), { label })
  }

  const exit = (
    container: LiveContainer,
    at: Micros,
    how: { readonly exitCode: number; readonly reason: string; readonly message: string },
  ): void => {
    if (container.state === 'exited') return
    kernel.cancel(container.exitTimer)
    container.exitTimer = undefined
    quota.end(container)
    container.state = 'exited'
    container.finishedAt = at
    container.exitCode = how.exitCode
    container.reason = how.reason !== '' ? how.reason : how.exitCode === 0 ? 'Completed' : 'Error'
    container.message = how.message
    logs.end(container)
    truth(container, container.reason === 'OOMKilled' ? 'oomKill' : 'exit', 'Terminated')
    for (const waiter of container.waiting.splice(0)) waiter()
    tell(container.config.pod.uid)
  }

  const endsBy = (container: LiveContainer, plan: ExitPlan | undefined): void => {
    if (plan === undefined) return
    const { pod, name } = container.config
    const end = (): void =>
      exit(container, kernel.now, {
        exitCode: plan.exitCode,
        reason: plan.reason ?? '',
        message: plan.message ?? '',
      })
    const at = Math.max(kernel.now, container.startedAt! + plan.after)
    container.exitTimer = kernel.at(at, actor, end, { label: `pod/${pod.name}: ${name} ends` })
  }

  /** A running container that has not been told to stop ends as its behaviour says under the memory limit that it has now. */
  const underNewLimit = (container: LiveContainer): void => {
    const { exitUnder } = container.run
    if (exitUnder === undefined || container.state !== 'running' || container.waiting.length > 0) return
    kernel.cancel(container.exitTimer)
    container.exitTimer = undefined
    const { pod, name } = container.config
    endsBy(container, exitUnder(container.linux.memoryLimitInBytes, options.load?.memory(pod.uid, name) ?? 0))
  }

  const stopSandbox = (sandbox: LiveSandbox): void => {
    sandbox.ready = false
    for (const container of entry(sandbox.config.pod.uid).containers) {
      if (container.sandbox === sandbox.id && container.state === 'running') {
        exit(container, kernel.now, { exitCode: killed, reason: '', message: '' })
      }
    }
    tell(sandbox.config.pod.uid)
  }
  /** CNI's DEL. */
  const releaseAddress = (sandbox: LiveSandbox): void => {
    if (!sandbox.holdsAddress) return
    sandbox.holdsAddress = false
    options.releaseIp?.(sandbox.ip!)
  }
  const dropIfEmpty = (uid: string): void => {
    const known = pods.get(uid)
    if (known !== undefined && known.sandboxes.length === 0 && known.containers.length === 0) pods.delete(uid)
  }

  machine.subscribe((powered) => {
    life += 1
    if (powered) return
    // Every process is gone; the runtime finds them dead after the next boot and knows no exit code of theirs.
    for (const container of containers.values()) {
      if (container.state === 'running')
        exit(container, kernel.now, { exitCode: 255, reason: engine?.lost ?? 'Unknown', message: '' })
    }
    for (const sandbox of sandboxes.values()) {
      if (sandbox.ready) stopSandbox(sandbox)
    }
  })

  const images = createImages({
    ...options,
    actor,
    pulls: (pod, image, plan) => {
      call('PullImage', pod, { image, ...errorOf(plan) })
      hop('runtime:pull', pod)
    },
    later,
  })
  const usage = createUsage(kernel, containers, { load: options.load, quota })

  return {
    name: options.name ?? engine?.name ?? 'containerd',
    version: options.version ?? engine?.version ?? '2.2.1',
    heedsCancellation,
    ...(engine === undefined ? {} : { remote: true, imageName: engine.imageName }),
    runPodSandbox(config, done) {
      const plan = behavior.sandbox(config)
      later(plan.takes, `${config.pod.name} gets its sandbox`, () => {
        call('RunPodSandbox', config.pod, { attempt: config.attempt, ...errorOf(plan) })
        hop('runtime:sandbox', config.pod)
        if (plan.error !== undefined) {
          done(failed(plan.error))
          return
        }
        made += 1
        const ip = config.hostNetwork ? undefined : options.allocateIp()
        if (typeof ip === 'object') {
          const refused = { ...config, id: sandboxDigest(config.pod.uid, made), network: options.network ?? 'bridge' }
          const message = engine?.noNetwork(refused, ip.error) ?? noNetwork(refused.id, ip.error)
          done(failed({ code: 'Unknown', message }))
          return
        }
        const sandbox: LiveSandbox = {
          id: `${config.pod.uid}-sandbox-${made}`,
          config,
          createdAt: kernel.now,
          ready: true,
          ip,
          holdsAddress: ip !== undefined,
        }
        if (ip !== undefined) hop('cni:add', config.pod)
        sandboxes.set(sandbox.id, sandbox)
        entry(config.pod.uid).sandboxes.unshift(sandbox)
        tell(config.pod.uid)
        done({ ok: true, value: sandbox.id })
      })
    },
    stopPodSandbox(id) {
      const sandbox = sandboxes.get(id)
      if (sandbox === undefined) return
      if (sandbox.ready) call('StopPodSandbox', sandbox.config.pod, {})
      releaseAddress(sandbox)
      stopSandbox(sandbox)
    },
    removePodSandbox(id) {
      const sandbox = sandboxes.get(id)
      if (sandbox === undefined) return
      call('RemovePodSandbox', sandbox.config.pod, {})
      releaseAddress(sandbox)
      sandboxes.delete(id)
      const known = entry(sandbox.config.pod.uid)
      known.sandboxes = known.sandboxes.filter((one) => one !== sandbox)
      dropIfEmpty(sandbox.config.pod.uid)
      tell(sandbox.config.pod.uid)
    },
    createContainer(sandbox, config, done) {
      const run = behavior.run(config)
      later(run.create.takes, `${config.pod.name} creates ${config.name}`, () => {
        call('CreateContainer', config.pod, {
          container: config.name,
          attempt: config.attempt,
          oomScoreAdj: config.oomScoreAdj,
          linux: config.linux,
          ...errorOf(run.create),
        })
        hop('runtime:create', config.pod)
        if (run.create.error !== undefined) {
          done(failed(run.create.error))
          return
        }
        made += 1
        const id = (options.containerId ?? defaultContainerId)(config, made)
        const container = liveContainer({ id, sandbox, config, run, createdAt: kernel.now, sequence: made })
        containers.set(id, container)
        entry(config.pod.uid).containers.unshift(container)
        truth(container, 'create', 'Waiting')
        tell(config.pod.uid)
        done({ ok: true, value: id })
      })
    },
    startContainer(id, done) {
      const container = containers.get(id)
      if (container === undefined) {
        done(failed(gone))
        return
      }
      const { config, run } = container
      later(run.start.takes, `${config.pod.name} starts ${config.name}`, () => {
        call('StartContainer', config.pod, { container: config.name, ...errorOf(run.start) })
        hop('runtime:start', config.pod)
        container.startedAt = kernel.now
        if (run.start.error !== undefined) {
          exit(container, kernel.now, { exitCode: 128, reason: 'StartError', message: run.start.error.message })
          done(failed(run.start.error))
          return
        }
        if (!containers.has(id) || sandboxes.get(container.sandbox)?.ready !== true) {
          exit(container, kernel.now, { exitCode: 128, reason: 'StartError', message: 'sandbox is not running' })
          done(failed({ code: 'Unknown', message: 'sandbox is not running' }))
          return
        }
        container.state = 'running'
        machine.disk.logs.set(`${config.pod.uid}/${config.name}`, config.attempt)
        hop('runc:start', config.pod, runcRecord(container, scope))
        truth(container, 'start', 'Running')
        logs.begin(container)
        endsBy(container, run.exit)
        quota.begin(container)
        tell(config.pod.uid)
        done({ ok: true, value: undefined })
      })
    },
    stopContainer(id, timeout, done) {
      const container = containers.get(id)
      if (container === undefined || container.state !== 'running') {
        done({ ok: true, value: undefined })
        return
      }
      const { config, run } = container
      call('StopContainer', config.pod, { container: config.name, timeout })
      hop('runtime:stop', config.pod)
      const limit = timeout * 1_000_000
      const term = run.term
      const obeys = !term.ignored && term.after <= limit
      container.closing = !term.ignored
      const after = obeys ? term.after : limit
      const exitCode = obeys ? term.exitCode : killed
      container.waiting.push(() => done({ ok: true, value: undefined }))
      const end = (): void => exit(container, kernel.now, { exitCode, reason: '', message: '' })
      if (after <= 0) {
        end()
        return
      }
      // A container that ends by itself in the meantime ends as its script says.
      const own = container.exitTimer
      if (own !== undefined && own.at < kernel.now + after) return
      kernel.cancel(own)
      container.exitTimer = kernel.after(after, actor, end, { label: `pod/${config.pod.name}: ${config.name} stops` })
    },
    removeContainer(id) {
      const container = containers.get(id)
      if (container === undefined) return
      const { config } = container
      call('RemoveContainer', config.pod, { container: config.name, attempt: config.attempt })
      if (container.state === 'running') exit(container, kernel.now, { exitCode: killed, reason: '', message: '' })
      containers.delete(id)
      logs.forget(id)
      const known = entry(config.pod.uid)
      known.containers = known.containers.filter((one) => one !== container)
      if (!known.containers.some((one) => one.config.name === config.name)) truth(container, 'remove', 'Removed')
      dropIfEmpty(config.pod.uid)
      tell(config.pod.uid)
    },
    updateContainerResources(id, resources, sizes) {
      const container = containers.get(id)
      if (container === undefined) return failed(gone)
      call('UpdateContainerResources', container.config.pod, { container: container.config.name, linux: resources })
      const before = container.linux
      quota.change(container)
      container.linux = mergeResources(before, resources)
      container.sizes = sizes
      hop('runtime:update', container.config.pod)
      if (container.linux.memoryLimitInBytes !== before.memoryLimitInBytes) underNewLimit(container)
      if (container.state === 'running') quota.begin(container)
      return { ok: true, value: undefined }
    },
    execSync(id, request, done) {
      const container = containers.get(id)
      if (container?.state !== 'running') {
        done({ kind: 'failed', code: 'Unknown', message: 'container is not running' })
        return
      }
      const started = container.startedAt!
      if (request.network !== true) {
        call('ExecSync', container.config.pod, {
          container: container.config.name,
          command: request.command,
          ...(request.timeout > 0 ? { timeout: request.timeout } : {}),
        })
      }
      const plan = container.run.exec(request, kernel.now - started)
      const limit = request.timeout * 1_000_000
      const label = `pod/${container.config.pod.name}: ${request.purpose} in ${container.config.name}`
      if (limit > 0 && plan.takes > limit) {
        const message = `command ${JSON.stringify(request.command.join(' '))} timed out`
        later(limit, label, () => done({ kind: 'failed', code: 'DeadlineExceeded', message }))
        return
      }
      later(plan.takes, label, () => done(execResult(plan, started)))
    },
    podSandboxes: (uid) => pods.get(uid)?.sandboxes ?? none,
    podContainers: (uid) => pods.get(uid)?.containers ?? none,
    container: (id) => containers.get(id),
    pods: () => [...pods.keys()],
    log: (id) => logs.of(id),
    ...images,
    ...usage,
    accepts(id) {
      const container = containers.get(id)
      if (container?.state !== 'running' || container.closing) return false
      return container.run.exec(askReady, kernel.now - container.startedAt!).exitCode === 0
    },
    subscribe,
    disconnect() {
      if (heedsCancellation) life += 1
    },
    memoryLoaded(podUid, name) {
      const container = pods.get(podUid)?.containers.find((one) => one.config.name === name && one.state === 'running')
      if (container === undefined) return
      const { run, linux } = container
      const inUse = usage.memoryUsage(container.id)
      const limit = linux.memoryLimitInBytes
      if ((limit > 0 && inUse > limit) || (run.oomAt !== undefined && inUse >= run.oomAt))
        exit(container, kernel.now, { exitCode: killed, reason: 'OOMKilled', message: '' })
      else underNewLimit(container)
    },
    killContainer(id, exitCode, reason) {
      const container = containers.get(id)
      if (container?.state === 'running') exit(container, kernel.now, { exitCode, reason, message: '' })
    },
    killPodSandbox(id) {
      const sandbox = sandboxes.get(id)
      if (sandbox?.ready === true) stopSandbox(sandbox)
    },
  }
}
