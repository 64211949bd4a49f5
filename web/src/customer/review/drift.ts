/** How far a price may move, in words. */

const BPS = 10_000

/** For the eye only; the portal decides with exact numbers. Units: `bps` in hundredths of a percent. */
export function driftRange(price: string, bps: number): [string, string] {
  const decimals = price.split('.')[1]?.length ?? 0
  const at = (share: number) => (Number(price) * share).toFixed(Math.max(decimals, 2))
  return [at(1 - bps / BPS), at(1 + bps / BPS)]
}

export function percentOf(bps: number): string {
  return `${bps / 100} %`
}
