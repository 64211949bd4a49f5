/** Agents: the hub's summary, types on offer, hired agents and their versions, and what changes them. */

import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, cp } from '../../api/client'
import { ProblemError } from '../../api/problem'
import type { HiredAgent } from '../wire'

const LONGEST_PAGE = '200'

export function myAgentsQuery(selected?: string) {
  return queryOptions({
    queryKey: ['hired_agents', 'summary', selected ?? null],
    queryFn: () =>
      answer(cp.GET('/api/cp/my-agents/summary', { params: { query: selected ? { selected } : {} } })),
    placeholderData: keepPreviousData,
  })
}

/** A type that is published meanwhile is on offer as soon as the page is looked at again. */
export const agentTypesQuery = queryOptions({
  queryKey: ['agent_types', 'offered'],
  queryFn: () => answer(cp.GET('/api/v1/agent-types', { params: { query: { limit: LONGEST_PAGE } } })),
  staleTime: 0,
  refetchOnWindowFocus: 'always',
})

export function agentTypeQuery(agentTypeId: string, version?: number) {
  return queryOptions({
    queryKey: ['agent_types', agentTypeId, version ?? 'newest'],
    queryFn: () =>
      answer(
        cp.GET('/api/v1/agent-types/{agent_type_id}', {
          params: {
            path: { agent_type_id: agentTypeId },
            query: version === undefined ? {} : { version: String(version) },
          },
        }),
      ),
    staleTime: 0,
    refetchOnWindowFocus: 'always',
  })
}

/** Null until the first configuration of the subscription's agent is kept. */
async function findBySubscription(subscriptionId: string): Promise<HiredAgent | null> {
  try {
    return await answer(
      cp.GET('/api/v1/hired-agents/by-subscription/{subscription_id}', {
        params: { path: { subscription_id: subscriptionId } },
      }),
    )
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return null
    throw error
  }
}

export function hiredBySubscriptionQuery(subscriptionId: string) {
  return queryOptions({
    queryKey: ['hired_agents', 'of', subscriptionId],
    queryFn: () => findBySubscription(subscriptionId),
    staleTime: 0,
  })
}

export function hiredAgentQuery(instanceId: string) {
  return queryOptions({
    queryKey: ['hired_agents', instanceId],
    queryFn: () =>
      answer(
        cp.GET('/api/v1/hired-agents/{hired_instance_id}', {
          params: { path: { hired_instance_id: instanceId } },
        }),
      ),
  })
}

export function upgradeQuery(instanceId: string, version: number) {
  return queryOptions({
    queryKey: ['hired_agents', instanceId, 'upgrade', version],
    queryFn: () =>
      answer(
        cp.GET('/api/v1/hired-agents/{hired_instance_id}/upgrade', {
          params: { path: { hired_instance_id: instanceId }, query: { version: String(version) } },
        }),
      ),
  })
}

/** Whatever is done to an agent moves it in the hub, its own page and the selector. */
export function useAgentsChanged() {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['hired_agents'] }),
      queries.invalidateQueries({ queryKey: ['subscriptions'] }),
    ])
}

export function useHire() {
  const onSuccess = useAgentsChanged()
  return useMutation({
    mutationFn: (body: { agent_type_id: string; plan: string }) =>
      answer(cp.POST('/api/cp/subscriptions', { body })),
    onSuccess,
  })
}

export function useCancelSubscription() {
  const onSettled = useAgentsChanged()
  return useMutation({
    mutationFn: (subscriptionId: string) =>
      answer(
        cp.POST('/api/cp/subscriptions/{subscription_id}/cancel', {
          params: { path: { subscription_id: subscriptionId } },
        }),
      ),
    onSettled,
  })
}

function setPaused(instanceId: string, paused: boolean): Promise<HiredAgent> {
  const params = { path: { hired_instance_id: instanceId } }
  return paused
    ? answer(cp.POST('/api/v1/hired-agents/{hired_instance_id}/pause', { params }))
    : answer(cp.POST('/api/v1/hired-agents/{hired_instance_id}/resume', { params }))
}

export function useSetPaused() {
  const onSettled = useAgentsChanged()
  return useMutation({
    mutationFn: ({ instanceId, paused }: { instanceId: string; paused: boolean }) =>
      setPaused(instanceId, paused),
    onSettled,
  })
}

export interface PauseOutcome {
  instanceId: string
  error?: Error
}

/** Each is paused by itself, so that one that refuses holds up none of the others. */
export function usePauseAll() {
  const onSettled = useAgentsChanged()
  return useMutation({
    mutationFn: (instanceIds: string[]) =>
      Promise.all(
        instanceIds.map(async (instanceId): Promise<PauseOutcome> => {
          try {
            await setPaused(instanceId, true)
            return { instanceId }
          } catch (error) {
            return { instanceId, error: error as Error }
          }
        }),
      ),
    onSettled,
  })
}

export interface DraftConfig {
  subscription_id: string
  config: Record<string, unknown>
  version?: number
}

export function useKeepDraft() {
  const onSuccess = useAgentsChanged()
  return useMutation({
    mutationFn: (body: DraftConfig) => answer(cp.PUT('/api/v1/hired-agents/draft', { body })),
    onSuccess,
  })
}

export function useFinalize() {
  const onSuccess = useAgentsChanged()
  return useMutation({
    mutationFn: ({ instanceId, version }: { instanceId: string; version: number }) =>
      answer(
        cp.POST('/api/v1/hired-agents/{hired_instance_id}/finalize', {
          params: { path: { hired_instance_id: instanceId } },
          body: { version },
        }),
      ),
    onSuccess,
  })
}

interface Upgrade {
  instanceId: string
  version: number
  toVersion: number
  config: Record<string, unknown>
}

export function useUpgrade() {
  const onSuccess = useAgentsChanged()
  return useMutation({
    mutationFn: ({ instanceId, version, toVersion, config }: Upgrade) =>
      answer(
        cp.POST('/api/v1/hired-agents/{hired_instance_id}/upgrade', {
          params: { path: { hired_instance_id: instanceId } },
          body: { version, agent_type_version: toVersion, config },
        }),
      ),
    onSuccess,
  })
}
