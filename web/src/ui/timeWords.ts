/** Times and durations in words. */

import { DAY, HOUR, MINUTE, SECOND } from './useNow'

const PARTS = [
  { size: DAY, unit: 'd' },
  { size: HOUR, unit: 'h' },
  { size: MINUTE, unit: 'min' },
  { size: SECOND, unit: 's' },
] as const

/** The two largest units that say something, as in `14 min 03 s`. Units: milliseconds. */
export function durationText(duration: number): string {
  if (duration < SECOND) return `${Math.max(0, Math.round(duration))} ms`
  const first = PARTS.findIndex((part) => duration >= part.size)
  const [large, small] = [PARTS[first], PARTS[first + 1]]
  if (large === undefined) return ''
  const whole = `${Math.floor(duration / large.size)} ${large.unit}`
  if (small === undefined) return whole
  const rest = Math.floor((duration % large.size) / small.size)
  return rest === 0 ? whole : `${whole} ${String(rest).padStart(2, '0')} ${small.unit}`
}

/** As in `in 3 hours` or `5 minutes ago`. Units: milliseconds. */
export function relativeText(at: number, now: number): string {
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
  const distance = at - now
  if (Math.abs(distance) >= DAY) return words.format(Math.round(distance / DAY), 'day')
  if (Math.abs(distance) >= HOUR) return words.format(Math.round(distance / HOUR), 'hour')
  return words.format(Math.round(distance / MINUTE), 'minute')
}

/** As in `21 Nov 2026, 10:05 GMT+5:30`; without a zone, in that of the viewer. */
export function momentText(at: string, zone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone: zone,
  }).format(new Date(at))
}
