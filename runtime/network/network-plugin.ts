/** A CNI plugin as far as pods and their kubelets can tell it from another. */
export interface NetworkPlugin {
  /** As scenarios name it: `network calico`. */
  readonly name: string
  /** What its configuration calls the network. */
  readonly network: string
  /** Its agents on the nodes keep NetworkPolicies. */
  readonly enforces: boolean
  /** Address ranges of policies hold for pods too; to Cilium pods are their labels, whatever their addresses. */
  readonly blocksReachPods: boolean
  /** What ADD answers when the node's range is used up; `reason` is what the address manager says. */
  usedUp(reason: string): string
}

const networks: Readonly<Record<string, string>> = { calico: 'k8s-pod-network', flannel: 'cbr0' }

const hostLocal = (name: string, type: string, enforces: boolean): NetworkPlugin => ({
  name,
  network: networks[name] ?? name,
  enforces,
  blocksReachPods: true,
  usedUp: (reason) => `plugin type="${type}" failed (add): ${reason}`,
})

/**
 * The plugins by name. Bridge, Flannel and Calico take addresses from the node's pod CIDR by host-local.
 * Differs: Calico's own address manager, which lends blocks of 64 addresses, is not simulated; it is as installed with
 * `"ipam": {"type": "host-local", "subnet": "usePodCidr"}`. The addresses that Cilium keeps for itself are not taken.
 */
const plugins: readonly NetworkPlugin[] = [
  hostLocal('bridge', 'bridge', false),
  hostLocal('calico', 'calico', true),
  hostLocal('flannel', 'flannel', false),
  {
    name: 'cilium',
    network: 'cilium',
    enforces: true,
    blocksReachPods: false,
    usedUp: () =>
      'plugin type="cilium-cni" failed (add): unable to allocate IP via local cilium agent: [POST /ipam][502] postIpamFailure  range is full',
  },
]

/** The plugin of that name; without one the reference plugin `bridge`, which knows no policies. */
export const networkPlugin = (name: string | undefined): NetworkPlugin =>
  plugins.find((one) => one.name === name) ?? plugins[0]!
