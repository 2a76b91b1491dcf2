using System.Diagnostics.CodeAnalysis;

namespace OsModa.Core;

/// <summary>What is wrong with a form: one sentence a field, by the name of the form's property; the empty name is the form as a whole.</summary>
public sealed class FieldErrors
{
    private readonly Dictionary<string, string> _byField = new(StringComparer.Ordinal);

    public bool None => _byField.Count == 0;

    /// <summary>All fields with their sentences, in no order.</summary>
    public IReadOnlyDictionary<string, string> ByField => _byField;

    /// <summary>The sentence for a field, or null.</summary>
    public string? this[string field] => _byField.GetValueOrDefault(field);

    /// <summary>One sentence about one field, or about the whole form when the name is empty.</summary>
    public static FieldErrors Of(string field, string sentence)
    {
        var errors = new FieldErrors();
        errors.Add(field, sentence);
        return errors;
    }

    /// <summary>Keeps the first sentence of each field; null is no error.</summary>
    public void Add(string field, string? sentence)
    {
        if (sentence is not null)
        {
            _byField.TryAdd(field, sentence);
        }
    }
}

/// <summary>What came of a verb: a value, or what was wrong with what it was given.</summary>
public sealed class Result<T>
    where T : class
{
    private Result(T? value, FieldErrors errors) => (Value, Errors) = (value, errors);

    public T? Value { get; }

    public FieldErrors Errors { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    public bool Done => Value is not null;

    public static implicit operator Result<T>(T value) => new(value, new FieldErrors());

    public static implicit operator Result<T>(FieldErrors errors) => errors.None
        ? throw new ArgumentException("No error to tell of.", nameof(errors))
        : new Result<T>(null, errors);
}
