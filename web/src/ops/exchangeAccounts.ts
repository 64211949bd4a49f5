/** Storing, testing and deleting a customer's exchange keys. A secret is not kept after it was sent. */

import { useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, pp } from '../api/client'
import type { components } from '../api/pp'
import type { ExchangeSetup } from './queries'

export type SetupBody = components['schemas']['AssistedExchangeSetupRequest']

export interface SetupValues {
  apiKey: string
  apiSecret: string
  defaultCoin: string
  allowedCoins: string[]
  maxUnits: string
  maxNotional: string
}

export function blankSetup(known: ExchangeSetup | undefined): SetupValues {
  return {
    apiKey: '',
    apiSecret: '',
    defaultCoin: known?.default_coin ?? 'BTC',
    allowedCoins: known?.allowed_coins ?? ['BTC', 'ETH'],
    maxUnits: known?.max_units_per_order ?? '',
    maxNotional: known?.max_notional_inr ?? '',
  }
}

export function setupBody(values: SetupValues, customerId: string, ref: string | undefined): SetupBody {
  return {
    exchange_provider: 'delta_exchange_india',
    api_key: values.apiKey,
    api_secret: values.apiSecret,
    default_coin: values.defaultCoin.trim().toUpperCase(),
    allowed_coins: values.allowedCoins.map((coin) => coin.trim().toUpperCase()),
    max_units_per_order: values.maxUnits.trim(),
    max_notional_inr: values.maxNotional.trim() === '' ? null : values.maxNotional.trim(),
    customer_id: customerId,
    ...(ref !== undefined && { credential_ref: ref }),
  }
}

function useReread() {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: ['connections'] })
}

/** Forgotten as soon as nobody looks at its outcome, as it carries the secret. */
export function useStoreSetup(onDone: () => void) {
  return useMutation({
    mutationFn: (body: SetupBody) => answer(pp.PUT('/api/pp/exchange-credentials', { body })),
    gcTime: 0,
    onSuccess: onDone,
    onSettled: useReread(),
  })
}

const ofRef = (ref: string) => ({ params: { path: { credential_ref: ref } } })

export function useTestSetup() {
  return useMutation({
    mutationFn: (ref: string) =>
      answer(pp.POST('/api/pp/exchange-credentials/{credential_ref}/test', ofRef(ref))),
  })
}

export function useDeleteSetup() {
  return useMutation({
    mutationFn: (ref: string) =>
      answer(pp.DELETE('/api/pp/exchange-credentials/{credential_ref}', ofRef(ref))),
    onSettled: useReread(),
  })
}
