/** Risk checks in words and bars. */

import { comparisonOf, shareOf, subjectOf } from '../../src/ui/riskWords'

const check = (code: string, observed: string | null, limit: string | null, unit: string | null = null) => ({
  code,
  observed,
  limit,
  unit,
})

test.each([
  [check('QTY_ABOVE_MAX', '0.005', '0.5', 'coins'), '0.005 coins · limit 0.5 coins', 1],
  [check('QTY_ABOVE_MAX', '0.6', '0.5', 'coins'), '0.6 coins · limit 0.5 coins', 100],
  [check('QTY_BELOW_MIN', '5', '1', 'contracts'), '5 contracts · at least 1 contract', 20],
  [check('POSITION_LIMIT', '-50', '100', 'contracts'), '-50 contracts · limit 100 contracts', 50],
  [check('POSITION_LIMIT', '1', '0', 'contracts'), '1 contract · limit 0 contracts', 100],
  [check('APPROVAL_PRICE_DRIFT', '25', '100', 'bps'), '0.25 % · limit 1 %', 25],
  [check('QTY_STEP', '5', '1', 'contracts'), '5 contracts · in steps of 1 contract', undefined],
  [check('PRICE_COLLAR', '65000.5', '66625', 'USD'), '65000.5 USD · limit 66625 USD', undefined],
  [check('KILL_SWITCH_ON', 'released', 'released'), 'released', undefined],
  [check('DAILY_NOTIONAL', null, null, 'USD'), '', undefined],
  [check('OF_THE_FUTURE', '1', '2'), '1 · limit 2', undefined],
])('%o reads as it should', (one, text, share) => {
  expect(comparisonOf(one)).toBe(text)
  expect(shareOf(one)).toBe(share)
})

test('a check that is not known is called by its code', () => {
  expect(subjectOf('OF_THE_FUTURE')).toBe('Of the future')
})
