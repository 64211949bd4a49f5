/** A refusal as the portals say it, or the lack of an answer, as one error that pages can show. */

export interface FieldProblem {
  field: string
  message: string
}

interface ProblemDocument {
  status?: number
  reason?: string
  detail?: string
  correlation_id?: string
  decision_id?: string
  errors?: FieldProblem[]
  risk_codes?: string[]
}

export class ProblemError extends Error {
  readonly status: number
  readonly reason: string
  readonly detail: string
  readonly errors: FieldProblem[]
  readonly riskCodes: string[]
  readonly correlationId: string | undefined
  readonly decisionId: string | undefined

  constructor(status: number, problem: ProblemDocument) {
    super(`${problem.reason ?? status}: ${problem.detail ?? ''}`)
    this.status = status
    this.reason = problem.reason ?? 'unexpected'
    this.detail = problem.detail ?? 'The portal refused the request without saying why.'
    this.errors = problem.errors ?? []
    this.riskCodes = problem.risk_codes ?? []
    this.correlationId = problem.correlation_id
    this.decisionId = problem.decision_id
  }

  /** Nothing was read or said: the request may or may not have arrived. */
  get isUnanswered(): boolean {
    return this.status === 0
  }
}

const UNANSWERED: ProblemDocument = {
  reason: 'no_answer',
  detail:
    'The portal does not answer. What was asked may or may not have been done: look before you repeat it; repeating an approval or an execution never does it twice.',
}

export function unanswered(): ProblemError {
  return new ProblemError(0, UNANSWERED)
}

export async function problemOf(response: Response): Promise<ProblemError> {
  const correlationId = response.headers.get('X-Correlation-ID') ?? undefined
  try {
    const body = (await response.json()) as ProblemDocument
    return new ProblemError(response.status, { correlation_id: correlationId, ...body })
  } catch {
    return new ProblemError(response.status, { correlation_id: correlationId })
  }
}
