/** An exchange account as it is entered and sent. */

import { setupFrom, valuesFrom, withCoins } from '../../src/ui/exchangeSetup'

const KNOWN = {
  allowed_coins: ['BTC', 'ETH'],
  default_coin: 'ETH',
  max_units_per_order: '0.5',
  max_notional_inr: null,
}

describe('an exchange account', () => {
  it('is entered anew without its keys', () => {
    expect(valuesFrom(KNOWN)).toEqual({
      apiKey: '',
      apiSecret: '',
      allowedCoins: ['BTC', 'ETH'],
      defaultCoin: 'ETH',
      maxUnits: '0.5',
      maxNotional: '',
    })
  })

  it('keeps its first choice among its coins', () => {
    const values = valuesFrom(KNOWN)

    expect(withCoins(values, ['eth ', 'sol'])).toMatchObject({
      allowedCoins: ['ETH', 'SOL'],
      defaultCoin: 'ETH',
    })
    expect(withCoins(values, ['sol'])).toMatchObject({ defaultCoin: 'SOL' })
    expect(withCoins(values, [])).toMatchObject({ defaultCoin: '' })
  })

  it('is sent with a limit in rupees only when there is one', () => {
    const values = { ...valuesFrom(KNOWN), maxUnits: ' 0.5 ' }

    expect(setupFrom(values)).not.toHaveProperty('max_notional_inr')
    expect(setupFrom({ ...values, maxNotional: ' 5000 ' })).toMatchObject({
      max_units_per_order: '0.5',
      max_notional_inr: '5000',
    })
  })
})
