/** Whoever is refused is told what to do: for each reason of the platform's own list. */

import { readFileSync } from 'node:fs'

import { adviceFor } from '../../src/ui/advice'

const reasons = [...readFileSync('../docs/denials.md', 'utf8').matchAll(/^\| `(\w+)` \| \d+ \|/gm)].map(
  ([, reason]) => reason ?? '',
)

test('the list of denials was read', () => {
  expect(reasons.length).toBeGreaterThan(20)
})

test.each(reasons)('%s comes with advice', (reason) => {
  expect(adviceFor(reason)).toBeTruthy()
})

test('a reason that is not known is not guessed at', () => {
  expect(adviceFor('out_of_cheese')).toBeUndefined()
})
