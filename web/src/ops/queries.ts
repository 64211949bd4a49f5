/** What the operators' pages read of work and people: drafts, executions, hired agents, runs, approvals, switches. */

import { queryOptions } from '@tanstack/react-query'

import { answer, pp } from '../api/client'
import type { components } from '../api/pp'

type Schemas = components['schemas']
export type Deliverable = Schemas['Deliverable']
export type DeliverableState = Schemas['DeliverableState']
export type Execution = Schemas['Execution']
export type ExecutionState = Schemas['ExecutionState']
export type HiredAgent = Schemas['HiredAgent']
export type InstanceState = Schemas['InstanceState']
export type Goal = Schemas['Goal']
export type GoalRun = Schemas['GoalRun']
export type Approval = Schemas['Approval']
export type KillSwitch = Schemas['KillSwitch']
export type SchedulerHealth = Schemas['SchedulerHealth']
export type ExchangeSetup = Schemas['ExchangeSetup']
export type ReferenceAgent = Schemas['ReferenceAgent']
export type CustomerOverview = Schemas['CustomerOverview']
export type Timeline = Schemas['Timeline']

/** As many as one answer holds. */
const MOST = '200'
const A_WHILE_MS = 15_000

export interface OfCustomer {
  customer_id?: string
}

export interface HiredAgentFilter extends OfCustomer {
  agent_type_id?: string
  state?: string
}

export const deliverablesPage =
  (query: OfCustomer & { state?: DeliverableState }) => (cursor: string | undefined) =>
    answer(pp.GET('/api/pp/deliverables', { params: { query: { ...query, cursor } } }))

export const newestDeliverables = (query: OfCustomer & { state?: DeliverableState }) =>
  queryOptions({
    queryKey: ['deliverables', 'newest', query],
    queryFn: () => answer(pp.GET('/api/pp/deliverables', { params: { query: { ...query, limit: MOST } } })),
  })

export const deliverableQuery = (id: string, customerId: string) =>
  queryOptions({
    queryKey: ['deliverables', id, customerId],
    queryFn: () =>
      answer(
        pp.GET('/api/pp/deliverables/{deliverable_id}', {
          params: { path: { deliverable_id: id }, query: { customer_id: customerId } },
        }),
      ),
  })

export const newestExecutions = (query: OfCustomer) =>
  queryOptions({
    queryKey: ['executions', 'newest', query],
    queryFn: () => answer(pp.GET('/api/pp/executions', { params: { query: { ...query, limit: MOST } } })),
  })

export const hiredAgentsPage = (query: HiredAgentFilter) => (cursor: string | undefined) =>
  answer(pp.GET('/api/pp/hired-agents', { params: { query: { ...query, cursor } } }))

export const hiredAgentQuery = (id: string, customerId: string) =>
  queryOptions({
    queryKey: ['hired_agents', id, customerId],
    queryFn: () =>
      answer(
        pp.GET('/api/pp/hired-agents/{hired_instance_id}', {
          params: { path: { hired_instance_id: id }, query: { customer_id: customerId } },
        }),
      ),
  })

export const agentTimelineQuery = (id: string) =>
  queryOptions({
    queryKey: ['hired_agents', id, 'timeline'],
    queryFn: () =>
      answer(
        pp.GET('/api/pp/hired-agents/{hired_instance_id}/timeline', {
          params: { path: { hired_instance_id: id } },
        }),
      ),
  })

const ofAgent = (id: string, customerId: string, cursor: string | undefined) => ({
  params: { path: { hired_instance_id: id }, query: { customer_id: customerId, cursor } },
})

export const agentGoalsPage = (id: string, customerId: string) => (cursor: string | undefined) =>
  answer(pp.GET('/api/pp/hired-agents/{hired_instance_id}/goals', ofAgent(id, customerId, cursor)))

export const agentRunsPage = (id: string, customerId: string) => (cursor: string | undefined) =>
  answer(pp.GET('/api/pp/hired-agents/{hired_instance_id}/runs', ofAgent(id, customerId, cursor)))

export const agentDeliverablesPage = (id: string, customerId: string) => (cursor: string | undefined) =>
  answer(pp.GET('/api/pp/hired-agents/{hired_instance_id}/deliverables', ofAgent(id, customerId, cursor)))

export const goalRunsPage =
  (query: OfCustomer & { state?: GoalRun['state'] }) => (cursor: string | undefined) =>
    answer(pp.GET('/api/pp/goal-runs', { params: { query: { ...query, cursor } } }))

export const schedulerQuery = queryOptions({
  queryKey: ['goal_runs', 'scheduler'],
  queryFn: () => answer(pp.GET('/api/pp/scheduler')),
  refetchInterval: A_WHILE_MS,
})

export const killSwitchesQuery = queryOptions({
  queryKey: ['kill_switches'],
  queryFn: () => answer(pp.GET('/api/pp/kill-switches')),
})

export const referenceAgentsQuery = queryOptions({
  queryKey: ['agent_types', 'reference'],
  queryFn: () => answer(pp.GET('/api/pp/reference-agents')),
})

export const exchangeSetupsQuery = (customerId: string) =>
  queryOptions({
    queryKey: ['connections', 'exchange', customerId],
    queryFn: () =>
      answer(
        pp.GET('/api/pp/exchange-credentials', {
          params: { query: { customer_id: customerId, limit: 200 } },
        }),
      ),
  })

export const approvalsPage =
  (query: { customer_id?: string; deliverable_id?: string }) => (cursor: string | undefined) =>
    answer(pp.GET('/api/pp/approvals', { params: { query: { ...query, cursor } } }))

/** Asked for again as long as Plant has not answered to it. */
export const approvalQuery = (id: string) =>
  queryOptions({
    queryKey: ['approvals', id],
    queryFn: () =>
      answer(pp.GET('/api/pp/approvals/{approval_id}', { params: { path: { approval_id: id } } })),
    refetchInterval: ({ state: { data } }) =>
      data?.status === 'active' && !data.delivered ? A_WHILE_MS : false,
  })

export const customersPage = (cursor: string | undefined) =>
  answer(pp.GET('/api/pp/customers', { params: { query: { cursor } } }))
