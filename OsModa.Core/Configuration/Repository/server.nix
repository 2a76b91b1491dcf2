# What this server is made of: what the form sets, and what is written by hand in configuration.nix. Made once; yours to change.
{
  imports = [ ./settings.nix ] ++ (if builtins.pathExists ./configuration.nix then [ ./configuration.nix ] else [ ]);
}
