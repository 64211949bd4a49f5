/** Goals of a hired agent and their runs, and what changes them. */

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, cp } from '../../api/client'
import type { Frequency, Goal } from '../wire'

const LONGEST_PAGE = '200'

export function goalsQuery(instanceId: string) {
  return queryOptions({
    queryKey: ['goals', instanceId],
    queryFn: () =>
      answer(
        cp.GET('/api/v1/hired-agents/{hired_instance_id}/goals', {
          params: { path: { hired_instance_id: instanceId }, query: { limit: LONGEST_PAGE } },
        }),
      ),
  })
}

export function fetchRuns(instanceId: string, cursor?: string) {
  return answer(
    cp.GET('/api/v1/hired-agents/{hired_instance_id}/runs', {
      params: { path: { hired_instance_id: instanceId }, query: cursor ? { cursor } : {} },
    }),
  )
}

export function runQuery(instanceId: string, runId: string) {
  return queryOptions({
    queryKey: ['goal_runs', instanceId, runId],
    queryFn: () =>
      answer(
        cp.GET('/api/v1/hired-agents/{hired_instance_id}/runs/{run_id}', {
          params: { path: { hired_instance_id: instanceId, run_id: runId } },
        }),
      ),
  })
}

function useGoalsChanged() {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['goals'] }),
      queries.invalidateQueries({ queryKey: ['goal_runs'] }),
    ])
}

export interface GoalWish {
  template_id: string
  frequency: Frequency
  time_of_day: string | null
  weekday: number | null
  day_of_month: number | null
  settings: Record<string, unknown>
  paused: boolean
}

/** A goal as it would be asked for once more: without what the portal adds to it. */
export function wishOf(goal: Goal): GoalWish {
  const { template_id, frequency, time_of_day, weekday, day_of_month, settings, paused } = goal
  return { template_id, frequency, time_of_day, weekday, day_of_month, settings, paused }
}

interface KeptGoal {
  wish: GoalWish
  of?: Goal | undefined
}

export function useKeepGoal(instanceId: string) {
  const onSuccess = useGoalsChanged()
  return useMutation({
    mutationFn: ({ wish, of }: KeptGoal) => {
      if (of === undefined) {
        return answer(
          cp.PUT('/api/v1/hired-agents/{hired_instance_id}/goals', {
            params: { path: { hired_instance_id: instanceId } },
            body: wish,
          }),
        )
      }
      return answer(
        cp.PUT('/api/v1/hired-agents/{hired_instance_id}/goals/{goal_id}', {
          params: { path: { hired_instance_id: instanceId, goal_id: of.goal_id } },
          body: { ...wish, version: of.version },
        }),
      )
    },
    onSuccess,
  })
}

export function useDeleteGoal(instanceId: string) {
  const onSettled = useGoalsChanged()
  return useMutation({
    mutationFn: (goalId: string) =>
      answer(
        cp.DELETE('/api/v1/hired-agents/{hired_instance_id}/goals/{goal_id}', {
          params: { path: { hired_instance_id: instanceId, goal_id: goalId } },
        }),
      ),
    onSettled,
  })
}

/** The key makes a repeat of the same press the same run. */
export function useRunGoal(instanceId: string) {
  const onSettled = useGoalsChanged()
  return useMutation({
    mutationFn: ({ goalId, key }: { goalId: string; key: string }) =>
      answer(
        cp.POST('/api/v1/hired-agents/{hired_instance_id}/goals/{goal_id}/run', {
          params: { path: { hired_instance_id: instanceId, goal_id: goalId } },
          body: { key },
        }),
      ),
    onSettled,
  })
}
