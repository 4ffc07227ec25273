/** An instant or a length of virtual time, in whole microseconds. t=0 is the moment at which the declared cluster has settled. */
export type Micros = number

export const microsecond: Micros = 1
export const millisecond: Micros = 1_000
export const second: Micros = 1_000_000
export const minute: Micros = 60_000_000
export const hour: Micros = 3_600_000_000
