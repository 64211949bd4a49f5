/** Running a reference agent for one customer: the form's values, what is sent, what comes back. */

import { useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, pp } from '../api/client'
import type { components, paths } from '../api/pp'

type RunPath = paths['/api/pp/reference-agents/{agent_id}/run']['post']
export type RunBody = RunPath['requestBody']['content']['application/json']
export type RunOutcome =
  components['schemas']['DraftRunResponse'] | components['schemas']['ExecutedRunResponse']

export interface RunValues {
  customerId: string
  accountId: string
  coin: string
  units: string
  side: RunBody['side']
  action: RunBody['action']
  isMarket: boolean
  limitPrice: string
  purpose: string
  approvalId: string
}

export const BLANK_RUN: RunValues = {
  customerId: '',
  accountId: '',
  coin: 'BTC',
  units: '',
  side: 'long',
  action: 'enter',
  isMarket: true,
  limitPrice: '',
  purpose: '',
  approvalId: '',
}

const INTENTS: Record<RunBody['action'], string> = { enter: 'place_order', exit: 'close_position' }

export function runBody(values: RunValues): RunBody {
  const order: RunBody = {
    exchange_account_id: values.accountId.trim(),
    coin: values.coin.trim().toUpperCase(),
    units: values.units.trim(),
    side: values.side,
    action: values.action,
    ...(values.isMarket ? { market: true } : { limit_price: values.limitPrice.trim() }),
    ...(values.purpose.trim() && { purpose: values.purpose.trim() }),
  }
  const approvalId = values.approvalId.trim()
  return approvalId ? { ...order, approval_id: approvalId, intent_action: INTENTS[values.action] } : order
}

export function useRun(agentId: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (values: RunValues): Promise<RunOutcome> =>
      answer(
        pp.POST('/api/pp/reference-agents/{agent_id}/run', {
          params: { path: { agent_id: agentId }, query: { customer_id: values.customerId.trim() } },
          body: runBody(values),
        }),
      ),
    onSettled: () =>
      Promise.all(
        ['deliverables', 'executions', 'approvals', 'denials', 'usage', 'traces'].map((topic) =>
          queries.invalidateQueries({ queryKey: [topic] }),
        ),
      ),
  })
}
