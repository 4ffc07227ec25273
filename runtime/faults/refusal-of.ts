import type { ApiResponse } from '../../api/protocol/response.ts'

/** client-go's words for answers without a Status (apierrors.NewGenericServerResponse). */
const reasons: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'the server has asked for the client to provide credentials'],
  403: ['Forbidden', 'the server does not allow access to the requested resource'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  409: ['Conflict', 'the server reported a conflict'],
  422: ['Invalid', 'the server rejected our request due to an error in our request'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: [
    'Timeout',
    'the server was unable to return a response in the time allotted, but may still be processing the request',
  ],
}

/** What a client makes of an error without a body. */
export const refusalOf = (code: number): ApiResponse => {
  const [reason, message] = reasons[code] ?? [
    code >= 500 ? 'InternalError' : 'Unknown',
    code >= 500
      ? 'an error on the server ("") has prevented the request from succeeding'
      : `the server responded with the status code ${code} but did not return more information`,
  ]
  return { code, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason, message, code } }
}
