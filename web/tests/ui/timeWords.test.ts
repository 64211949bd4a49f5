/** Times in words. */

import { durationText, momentText, relativeText } from '../../src/ui/timeWords'

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1_000, '1 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [843_000, '14 min 03 s'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 05 min'],
  [86_400_000 * 3 + 3_600_000 * 4, '3 d 04 h'],
  [-5, '0 ms'],
])('%d milliseconds are %s', (duration, text) => {
  expect(durationText(duration)).toBe(text)
})

test.each([
  [-90_000, '1 minute ago'],
  [7_200_000, 'in 2 hours'],
  [-86_400_000 * 2, '2 days ago'],
])('%d milliseconds from now is %s', (distance, text) => {
  expect(relativeText(1_000_000_000 + distance, 1_000_000_000)).toBe(text)
})

test('a moment is told in a zone, with the zone', () => {
  expect(momentText('2026-11-21T04:35:00Z', 'Asia/Kolkata')).toBe('21 Nov 2026, 10:05 GMT+5:30')
})
