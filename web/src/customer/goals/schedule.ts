/** A schedule in words, and what each frequency asks for. */

import type { Frequency, Goal } from '../wire'

export const WEEKDAYS: readonly string[] = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
]

export const FREQUENCY_WORDS: Record<Frequency, string> = {
  daily: 'Every day',
  weekly: 'Every week',
  monthly: 'Every month',
  on_demand: 'When I ask for it',
}

export interface Schedule {
  frequency: Frequency
  time_of_day: string | null
  weekday: number | null
  day_of_month: number | null
}

const FIRST_TIME = '09:00'

/** Only what the frequency needs is kept; what is needed and absent gets a first value. */
export function fitted({ frequency, time_of_day, weekday, day_of_month }: Schedule): Schedule {
  return {
    frequency,
    time_of_day: frequency === 'on_demand' ? null : (time_of_day ?? FIRST_TIME),
    weekday: frequency === 'weekly' ? (weekday ?? 0) : null,
    day_of_month: frequency === 'monthly' ? (day_of_month ?? 1) : null,
  }
}

export function scheduleText(goal: Schedule & Pick<Goal, 'timezone'>): string {
  const at = goal.time_of_day ? ` at ${goal.time_of_day.slice(0, 5)} (${goal.timezone})` : ''
  switch (goal.frequency) {
    case 'daily':
      return `Every day${at}`
    case 'weekly':
      return `Every ${WEEKDAYS[goal.weekday ?? 0] ?? 'week'}${at}`
    case 'monthly':
      return `On day ${goal.day_of_month ?? 1} of each month${at}`
    case 'on_demand':
      return 'When you run it'
  }
}
