/** Steps of the recorded sessions that were not recorded themselves, by the command before which they come. They wait for controllers. */
export const hiddenSteps: Readonly<Record<string, string>> = {
  'custom/03':
    'until kubectl get --raw /apis/tour.example.com/v1/widgets; do sleep 0.3; done; rm -rf $HOME/.kube; until kubectl explain widget.spec; do sleep 0.3; done',
  'custom/24': 'rm -rf $HOME/.kube',
  'delete/11': "until kubectl get rs herd | grep -q '2 *2 *2'; do sleep 0.2; done",
  'delete/30': 'until kubectl get cm kube-root-ca.crt -n tour-delete-2; do sleep 0.2; done',
  'nodes/18': 'kubectl wait pod/lonely --for=condition=Ready',
  'nodes/27':
    'kubectl delete pdb app && until [ "$(kubectl get pods -l app=app --no-headers | wc -l)" = 2 ]; do sleep 0.3; done',
  'watch/01': 'kubectl apply -f p.yaml',
}

/** The namespace of a session: its own, and ready. */
export const firstStep = (namespace: string): string =>
  `kubectl create namespace ${namespace} && until kubectl get serviceaccount default; do sleep 0.2; done`
