/** How long until something is over, second by second for the eye and rarely for the ear; and plain durations. */

import { Text, VisuallyHidden } from '@mantine/core'
import { useEffect, useEffectEvent } from 'react'

import { durationText } from './timeWords'
import { MINUTE, SECOND, useNow } from './useNow'

interface CountdownProps {
  until: string
  onOver?: () => void
  words?: string
}

const LAST_CALLS = [MINUTE, 5 * MINUTE]
const SOON = MINUTE

export function Countdown({ until, onOver, words = 'expires in' }: CountdownProps) {
  const now = useNow(SECOND)
  const left = Date.parse(until) - now
  const isOver = left <= 0
  const tellOver = useEffectEvent(() => onOver?.())

  useEffect(() => {
    if (isOver) tellOver()
  }, [isOver])

  return (
    <>
      <Text component="span" role="timer" aria-live="off" fw={left < SOON ? 700 : undefined}>
        {isOver ? 'time is up' : `${words} ${durationText(left)}`}
      </Text>
      <VisuallyHidden aria-live="polite">{isOver ? 'Time is up' : lastCall(left)}</VisuallyHidden>
    </>
  )
}

/** Changes twice only, so that it is read out twice only. */
function lastCall(left: number): string {
  const reached = LAST_CALLS.find((call) => left <= call)
  return reached === undefined ? '' : `Less than ${durationText(reached)} left`
}

/** Units: seconds. */
export function Duration({ seconds }: { seconds: number }) {
  return <span>{durationText(seconds * SECOND)}</span>
}
