"""Which of several forecasters to trust, by how each has done so far, without losing much.

Both rules hold whatever the data do: nothing is assumed of them.
"""

import numpy as np


def hedged_weights(losses: np.ndarray, rate: float, prior: np.ndarray | None = None) -> np.ndarray:
    """Weights of experts for the next round, by Hedge: prior × exp(-rate × losses so far).

    What is lost in expectation beyond any one expert is, after any number of rounds, at most
    ln(1 / π) / rate + rate × Σ s² / 8, with π its share of the prior and s the spread of the
    experts' losses in each round.

    Parameters
    ----------
    losses
        (rounds, experts), in a unit of which ``rate`` says how much one counts.
    rate
        > 0: the larger, the sooner the best so far is followed.
    prior
        (experts,) > 0, what is thought of them beforehand; alike where None.

    Returns
    -------
    ndarray
        (experts,) ≥ 0, summing to 1.

    References
    ----------
    Freund and Schapire (1997), Journal of Computer and System Sciences 55(1), 119-139; the bound is
    that of Cesa-Bianchi and Lugosi (2006), Prediction, Learning, and Games, theorem 2.2, with a
    prior.

    Examples
    --------
    >>> hedged_weights(np.array([[0.0, 1.0], [1.0, 0.0]]), 0.1).tolist()
    [0.5, 0.5]
    >>> hedged_weights(np.array([[0.0, 1.0]] * 9), 0.5).round(3).tolist()
    [0.989, 0.011]
    """
    total = losses.sum(axis=0)
    prior = np.ones(len(total)) if prior is None else prior
    weights = prior * np.exp(-rate * (total - total.min()))
    return np.asarray(weights / weights.sum())


def bayes_weights(log_likelihood: np.ndarray) -> np.ndarray:
    """(experts,) weights of densities by (rounds, experts) log-likelihoods, even beforehand.

    Their mixture's log-likelihood, summed over rounds, is ln (1/N Σ exp(total)): at most ln N nats
    below that of the best of N experts.

    >>> bayes_weights(np.log([[0.5, 0.25], [0.5, 0.5]])).round(3).tolist()
    [0.667, 0.333]
    """
    return hedged_weights(-log_likelihood, 1.0)
