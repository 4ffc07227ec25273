/** Virtual time in whole microseconds, as the kernel counts it. */
export type Micros = number
