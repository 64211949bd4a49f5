/** A point in time, in the viewer's zone or the one that is asked for, with the zone shown. */

import { momentText, relativeText } from './timeWords'
import { MINUTE, useNow } from './useNow'

interface MomentProps {
  at: string
  zone?: string
}

export function Moment({ at, zone }: MomentProps) {
  const now = useNow(MINUTE)
  const time = Date.parse(at)
  if (Number.isNaN(time)) return <span>{at}</span>
  return (
    <time dateTime={at} title={relativeText(time, now)}>
      {momentText(at, zone)}
    </time>
  )
}
