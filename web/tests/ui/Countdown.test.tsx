/** A countdown tells when time is up, once. */

import { act, screen } from '@testing-library/react'

import { Countdown } from '../../src/ui/Countdown'
import { show } from './render'

const START = Date.parse('2026-11-21T10:00:00Z')

beforeEach(() => {
  vi.useFakeTimers({ now: START })
})
afterEach(() => {
  vi.useRealTimers()
})

test('it counts down, is silent for the ear, and says once that it is over', () => {
  const onOver = vi.fn<() => void>()
  show(<Countdown until="2026-11-21T10:14:03Z" onOver={onOver} />)
  expect(screen.getByRole('timer')).toHaveTextContent('expires in 14 min 03 s')
  expect(screen.getByRole('timer')).toHaveAttribute('aria-live', 'off')

  act(() => vi.advanceTimersByTime(843_000 - 1_000))
  expect(screen.getByRole('timer')).toHaveTextContent('expires in 1 s')
  expect(screen.getByText('Less than 1 min left')).toBeInTheDocument()
  expect(onOver).not.toHaveBeenCalled()
  act(() => vi.advanceTimersByTime(5_000))

  expect(screen.getByRole('timer')).toHaveTextContent('time is up')
  expect(onOver).toHaveBeenCalledOnce()
})
