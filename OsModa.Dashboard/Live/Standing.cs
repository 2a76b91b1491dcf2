using OsModa.Core.Nix;
using OsModa.Core.Observation;

namespace OsModa.Dashboard.Live;

/// <summary>Which of a server's generations its pins stand on.</summary>
public static class Standing
{
    extension(ServerState state)
    {
        /// <summary>The generation that runs; null when unknown or when the running system is none of them.</summary>
        public Generation? Current => state.Of(state.Pins?.Current);

        /// <summary>The one that was booted.</summary>
        public Generation? Booted => state.Of(state.Pins?.Booted);

        /// <summary>The one that the next boot brings.</summary>
        public Generation? NextBoot => state.Generations.FirstOrDefault(g => g.Number == state.Pins?.NextBootNumber) ?? state.Of(state.Pins?.NextBoot);

        // Two generations may be the same system; the profile's own number wins, then the newest.
        private Generation? Of(StorePath? system)
        {
            if (system is null)
            {
                return null;
            }

            Generation? newest = null;
            foreach (var generation in state.Generations)
            {
                if (generation.System == system && generation.GoneAt is null)
                {
                    if (generation.Number == state.Pins?.NextBootNumber)
                    {
                        return generation;
                    }

                    newest ??= generation;
                }
            }

            return newest;
        }
    }
}
