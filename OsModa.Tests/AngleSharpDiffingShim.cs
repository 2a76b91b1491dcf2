// bUnit 2.15.2 asks the runtime for AngleSharp.Diffing 1.0.0.0. The feed has 0.17.0, signed with the same key and with the
// same API for all that bUnit calls; without this redirect every render ends in a FileNotFoundException.

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace OsModa.Tests;

internal static class AngleSharpDiffingShim
{
    private const string AssemblyName = "AngleSharp.Diffing";

    [ModuleInitializer]
    internal static void Register() => AssemblyLoadContext.Default.Resolving += Resolve;

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == AssemblyName
            ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, AssemblyName + ".dll"))
            : null;
}
