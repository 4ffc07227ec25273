import type { Fault } from './fault.ts'

/** `outage zone/a`: every machine of the zone loses its power at once. */
export const outage: Fault = {
  name: 'outage',
  inject({ cluster, targets }) {
    const zones = new Set(targets.map((target) => (target.startsWith('zone/') ? target.slice('zone/'.length) : target)))
    const struck = cluster
      .machines()
      .map((name) => cluster.machine(name)!)
      .filter((machine) => machine.zone !== undefined && zones.has(machine.zone) && machine.powered)
    for (const machine of struck) machine.powerOff()
    return {
      heal() {
        for (const machine of struck) machine.powerOn()
      },
      struck: () => struck.length > 0,
    }
  },
}
