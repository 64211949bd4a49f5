/** The accounts that a configuration can choose from, and where another is connected. Never a secret. */

import { useQuery } from '@tanstack/react-query'

import type { FormCredentials } from '../../ui/SchemaForm'
import { providerName } from '../connections/platforms'
import { exchangesQuery, platformsQuery } from '../queries/connections'

export function connectTo(kind: string, provider: string): string {
  return `/connections/${kind}/${provider}`
}

export function useFormCredentials(): FormCredentials {
  const exchanges = useQuery(exchangesQuery).data?.items ?? []
  const platforms = useQuery(platformsQuery).data?.items ?? []
  return {
    options: [
      ...exchanges.map((one) => ({
        ref: one.credential_ref,
        kind: 'exchange',
        provider: one.exchange_provider,
        label: `${providerName(one.exchange_provider)}, key ending in ${one.api_key_last4} (${one.allowed_coins.join(', ')})`,
      })),
      ...platforms.map((one) => ({
        ref: one.credential_ref,
        kind: 'platform',
        provider: one.platform,
        label: `${one.posting_identity ?? providerName(one.platform)}, token ending in ${one.access_token_last4}`,
      })),
    ],
    connectTo,
  }
}
