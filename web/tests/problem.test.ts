/** Refusals and missing answers as errors. */

import { problemOf, unanswered } from '../src/api/problem'

function answerOf(body: string, status = 409): Response {
  return new Response(body, { status, headers: { 'X-Correlation-ID': 'c-1' } })
}

test('a refusal keeps all that was said', async () => {
  const body = JSON.stringify({
    reason: 'risk_denied',
    detail: 'No.',
    risk_codes: ['POSITION_LIMIT'],
    errors: [{ field: '/a', message: 'is required' }],
    decision_id: 'd-1',
    correlation_id: 'c-2',
  })

  const error = await problemOf(answerOf(body, 403))

  expect(error).toMatchObject({
    status: 403,
    reason: 'risk_denied',
    detail: 'No.',
    riskCodes: ['POSITION_LIMIT'],
    errors: [{ field: '/a', message: 'is required' }],
    decisionId: 'd-1',
    correlationId: 'c-2',
    isUnanswered: false,
  })
})

test('an answer that is no problem document still has its status and correlation id', async () => {
  const error = await problemOf(answerOf('<html>Bad gateway', 502))

  expect(error).toMatchObject({
    status: 502,
    reason: 'unexpected',
    correlationId: 'c-1',
    errors: [],
    riskCodes: [],
  })
})

test('no answer is told apart from a refusal', () => {
  expect(unanswered()).toMatchObject({ status: 0, reason: 'no_answer', isUnanswered: true })
})
